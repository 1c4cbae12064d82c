import type { FileHandle } from 'node:fs/promises';
import { type LineRange, linesFromEnd, textBetween } from './lines-from-end.js';
import { GrowingTree, HASH_BYTES, type Hash } from './merkle-tree.js';
import { hashesIn } from './tiles.js';

/** A checkpoint as it is kept outside the database, with the hashes of the entries that it covers beyond the line before. */
export interface StoredLine {
  /** Left out in a line that has hashes of a checkpoint that covers more than one line has room for: it follows in the last of them. */
  readonly note?: string;
  readonly size: number;
  /** How many of the size `leaves` are not. */
  readonly from: number;
  /** Leaf hashes, one after the other, base64. */
  readonly leaves: string;
  /** The roots of the tree's largest perfect subtrees at this size, so that it can go on from here. */
  readonly subtrees: string;
}

/** Leaf hashes of one line, at most: 2.8 MB. */
export const LEAVES_PER_LINE = 65_536;

/** The text of a line, with what ends it. */
export function storedLine(note: string | undefined, leaves: readonly Hash[], grown: GrowingTree): string {
  const line: StoredLine = {
    ...(note !== undefined && { note }),
    size: grown.size,
    from: grown.size - leaves.length,
    leaves: base64(leaves),
    subtrees: base64(grown.subtrees),
  };
  return `${JSON.stringify(line)}\n`;
}

/** What a line says; undefined for one that was cut off by a crash or a full disk. */
export function parsedLine(text: string): StoredLine | undefined {
  try {
    const line = JSON.parse(text) as StoredLine;
    return bytesOf(line.leaves).length === (line.size - line.from) * HASH_BYTES ? line : undefined;
  } catch {
    return undefined;
  }
}

/** The tree of the last checkpoint in the file, read from its end; undefined when there is none. */
export async function lastTreeIn(file: FileHandle): Promise<GrowingTree | undefined> {
  for await (const range of linesFromEnd(file)) {
    const line = range.end - range.start > LONG ? await ofLongLine(file, range) : parsedLine(await textOf(file, range));
    if (line?.note !== undefined) return new GrowingTree(line.size, hashesIn(bytesOf(line.subtrees)));
  }
  return undefined;
}

/** Beyond so many bytes only the two ends of a line are read. */
const LONG = 8 * 1024 * 1024;
/** Holds what is before the leaves, and what is behind them. */
const END = 16 * 1024;

const HEAD = /^\{"note":("(?:[^"\\]|\\.)*"),"size":(\d+),"from":(\d+),"leaves":"/;
const TAIL = /","subtrees":"([A-Za-z0-9+/=]*)"\}$/;

/** A line of earlier versions, which put all leaves into one: its length says whether it is whole. */
async function ofLongLine(
  file: FileHandle,
  { start, end }: LineRange,
): Promise<Omit<StoredLine, 'leaves'> | undefined> {
  const head = HEAD.exec(await textBetween(file, start, start + END));
  const tail = TAIL.exec(await textBetween(file, end - END, end));
  if (!head || !tail) return undefined;
  const [begin, note = '', size, from] = head;
  const [rest, subtrees = ''] = tail;
  const leaves = end - start - Buffer.byteLength(begin) - Buffer.byteLength(rest);
  const line = { note: JSON.parse(note) as string, size: Number(size), from: Number(from), subtrees };
  return leaves === 4 * Math.ceil(((line.size - line.from) * HASH_BYTES) / 3) ? line : undefined;
}

const textOf = (file: FileHandle, { start, end }: LineRange): Promise<string> => textBetween(file, start, end);

/** The hashes of a line. */
export const leavesIn = ({ leaves }: StoredLine): Hash[] => hashesIn(bytesOf(leaves));

const base64 = (hashes: readonly Hash[]): string => Buffer.concat(hashes).toString('base64');

const bytesOf = (encoded: string): Buffer => Buffer.from(encoded, 'base64');
