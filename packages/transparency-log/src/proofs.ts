import { type Hash, hashOfNode } from './merkle-tree.js';

/** Where the hashes of a stored tree come from: the root of the perfect subtree over the leaves [index * 2^height, (index + 1) * 2^height). */
export interface StoredTree {
  subtree(height: number, index: number): Promise<Hash>;
}

/** The largest power of two below `count`. */
function split(count: number): number {
  let half = 1;
  while (half * 2 < count) half *= 2;
  return half;
}

/** The root over the leaves [from, to) of a stored tree: MTH of RFC 6962. */
export async function rootOf(tree: StoredTree, from: number, to: number): Promise<Hash> {
  const count = to - from;
  const height = Math.log2(count);
  if (Number.isInteger(height) && from % count === 0) return tree.subtree(height, from / count);
  const middle = from + split(count);
  return hashOfNode(await rootOf(tree, from, middle), await rootOf(tree, middle, to));
}

/** The hashes that lead from a leaf to the root over the first `size` leaves: PATH of RFC 6962, the leaf's neighbour first. */
export async function inclusionPath(tree: StoredTree, index: number, size: number): Promise<Hash[]> {
  const path: Hash[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + split(to - from);
    if (index < middle) {
      path.unshift(await rootOf(tree, middle, to));
      to = middle;
    } else {
      path.unshift(await rootOf(tree, from, middle));
      from = middle;
    }
  }
  return path;
}

/** The hashes that show that the tree of `fromSize` leaves is the beginning of that of `toSize`: PROOF of RFC 6962. */
export async function consistencyPath(tree: StoredTree, fromSize: number, toSize: number): Promise<Hash[]> {
  if (fromSize === 0 || fromSize === toSize) return [];
  const path: Hash[] = [];
  let [from, to] = [0, toSize];
  while (to !== fromSize) {
    const middle = from + split(to - from);
    if (fromSize <= middle) {
      path.unshift(await rootOf(tree, middle, to));
      to = middle;
    } else {
      path.unshift(await rootOf(tree, from, middle));
      from = middle;
    }
  }
  if (from > 0) path.unshift(await rootOf(tree, from, to));
  return path;
}

/** Whether the path leads from the leaf at `index` to the root over `size` leaves (RFC 9162, 2.1.3.2). Needs nothing but its arguments. */
export function verifyInclusion(proof: {
  index: number;
  size: number;
  leaf: Hash;
  path: readonly Hash[];
  root: Hash;
}): boolean {
  if (proof.index < 0 || proof.index >= proof.size) return false;
  let [place, last, root] = [proof.index, proof.size - 1, proof.leaf];
  for (const hash of proof.path) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      root = hashOfNode(hash, root);
      while (place % 2 === 0 && place !== 0) [place, last] = [half(place), half(last)];
    } else {
      root = hashOfNode(root, hash);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && root.equals(proof.root);
}

/** Whether the path shows that one tree is the beginning of the other (RFC 9162, 2.1.4.2). */
export function verifyConsistency(proof: {
  fromSize: number;
  fromRoot: Hash;
  toSize: number;
  toRoot: Hash;
  path: readonly Hash[];
}): boolean {
  const { fromSize, toSize, fromRoot, toRoot } = proof;
  if (fromSize > toSize) return false;
  if (fromSize === toSize) return proof.path.length === 0 && fromRoot.equals(toRoot);
  if (fromSize === 0) return proof.path.length === 0;

  const path = Number.isInteger(Math.log2(fromSize)) ? [fromRoot, ...proof.path] : [...proof.path];
  const [first] = path;
  if (!first) return false;
  let [place, last] = [fromSize - 1, toSize - 1];
  while (place % 2 === 1) [place, last] = [half(place), half(last)];
  let [older, newer] = [first, first];
  for (const hash of path.slice(1)) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      older = hashOfNode(hash, older);
      newer = hashOfNode(hash, newer);
      while (place % 2 === 0 && place !== 0) [place, last] = [half(place), half(last)];
    } else {
      newer = hashOfNode(newer, hash);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && older.equals(fromRoot) && newer.equals(toRoot);
}

const half = (value: number): number => Math.floor(value / 2);
