import { hash } from 'node:crypto';

/** A SHA-256, in 32 bytes. */
export type Hash = Buffer;

export const HASH_BYTES = 32;

/** In a buffer of the pool: one that `hash` makes itself is memory outside the heap, which takes as long to get and to give back as the hash. */
const sha256 = (data: string | Buffer): Hash => Buffer.from(hash('sha256', data, 'binary'), 'binary');

/** The hash of a leaf after RFC 6962: of a zero byte and what the leaf says. */
export const hashOfLeaf = (text: string): Hash => sha256(`\0${text}`);

/** The same in hex, as entries name it. */
export const hexHashOfLeaf = (text: string): string => hash('sha256', `\0${text}`, 'hex');

/** The root of a tree without leaves. */
const EMPTY = sha256('');

/** What a node's hash is of: a one byte and its two halves. */
const node = Buffer.alloc(1 + 2 * HASH_BYTES, 1);

/** The hash of a node over its two halves, after RFC 6962. */
export function hashOfNode(left: Hash, right: Hash): Hash {
  node.set(left, 1);
  node.set(right, 1 + HASH_BYTES);
  return sha256(node);
}

/** The root of a perfect subtree over its 2^n hashes. */
export function perfectRoot(hashes: readonly Hash[]): Hash {
  let row = hashes;
  while (row.length > 1) {
    const above: Hash[] = [];
    for (let index = 0; index < row.length; index += 2) {
      above.push(hashOfNode(row[index] as Hash, row[index + 1] as Hash));
    }
    row = above;
  }
  return row[0] as Hash;
}

/** A tree that only grows, of which only the roots of its largest perfect subtrees are kept: at most one per bit of its size. */
export class GrowingTree {
  constructor(
    private leaves = 0,
    private readonly roots: Hash[] = [],
  ) {}

  get size(): number {
    return this.leaves;
  }

  /** The subtrees' roots, from the left: with the size, all that it takes to go on later. */
  get subtrees(): readonly Hash[] {
    return this.roots;
  }

  copy(): GrowingTree {
    return new GrowingTree(this.leaves, [...this.roots]);
  }

  append(leaf: Hash): void {
    let root = leaf;
    for (let rest = this.leaves; rest % 2 === 1; rest = Math.floor(rest / 2)) {
      root = hashOfNode(this.roots.pop() as Hash, root);
    }
    this.roots.push(root);
    this.leaves += 1;
  }

  root(): Hash {
    const last = this.roots.at(-1);
    if (!last) return EMPTY;
    return this.roots.slice(0, -1).reduceRight((right, left) => hashOfNode(left, right), last);
  }
}
