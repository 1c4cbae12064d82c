import { createReadStream } from 'node:fs';

/** Characters of a line that a text can hold, with room to spare; a longer line is told as an empty one. */
const LONGEST = 400_000_000;

/** The lines of a file, in time that grows with its length however long they are. No more of it is in memory than one line and one piece: `readline` reads a thousand lines ahead, and takes U+2028 inside a text for the end of a line. */
export async function* linesOf(file: string): AsyncGenerator<string> {
  let begun: string[] = [];
  let length = 0;
  const add = (part: string): void => {
    length += part.length;
    if (length > LONGEST) begun = [];
    else begun.push(part);
  };
  const line = (): string => {
    const whole = length > LONGEST ? '' : begun.join('');
    [begun, length] = [[], 0];
    return whole;
  };
  for await (const piece of createReadStream(file, 'utf8')) {
    const [first, ...others]: string[] = piece.split('\n');
    add(first as string);
    for (const next of others) {
      yield line();
      add(next);
    }
  }
  const last = line();
  if (last !== '') yield last;
}
