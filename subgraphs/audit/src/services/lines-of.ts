import { createReadStream } from 'node:fs';

/** The lines of a file. No more of it is in memory than one line and one piece: `readline` reads a thousand lines ahead, and here lines are long. */
export async function* linesOf(file: string): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of createReadStream(file, 'utf8')) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}
