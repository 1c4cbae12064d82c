import { createReadStream } from 'node:fs';

/** The lines of a file, in time that grows with its length however long they are. No more of it is in memory than one line and one piece: `readline` reads a thousand lines ahead, and takes U+2028 inside a text for the end of a line. */
export async function* linesOf(file: string): AsyncGenerator<string> {
  let begun: string[] = [];
  for await (const piece of createReadStream(file, 'utf8')) {
    const [first, ...others]: string[] = piece.split('\n');
    begun.push(first as string);
    for (const next of others) {
      yield begun.join('');
      begun = [next];
    }
  }
  const last = begun.join('');
  if (last !== '') yield last;
}
