import type { FileHandle } from 'node:fs/promises';

/** Where a line lies in its file, without what ends it. */
export interface LineRange {
  readonly start: number;
  readonly end: number;
}

const PIECE = 64 * 1024;
const NEWLINE = 10;

/** The lines of a file that are not empty, the last one first. Of a file of any length no more is read than asked for, and one piece is in memory. */
export async function* linesFromEnd(file: FileHandle): AsyncGenerator<LineRange> {
  let { size: end } = await file.stat();
  const piece = Buffer.alloc(PIECE);
  for (let begin = end; begin > 0; ) {
    const start = Math.max(0, begin - PIECE);
    const { bytesRead } = await file.read(piece, 0, begin - start, start);
    for (let at = piece.lastIndexOf(NEWLINE, bytesRead - 1); at >= 0; ) {
      if (end > start + at + 1) yield { start: start + at + 1, end };
      end = start + at;
      at = at > 0 ? piece.lastIndexOf(NEWLINE, at - 1) : -1;
    }
    begin = start;
  }
  if (end > 0) yield { start: 0, end };
}

/** The text between two places of a file. */
export async function textBetween(file: FileHandle, start: number, end: number): Promise<string> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(end - start), 0, end - start, start);
  return buffer.toString('utf8', 0, bytesRead);
}
