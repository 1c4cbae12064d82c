import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linesOf } from '@platform/transparency-log';
import fc from 'fast-check';

/** What a file is read in at a time. */
const PIECE = 64 * 1024;
const lines = fc.array(
  fc.oneof(
    fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\n', '').toWellFormed()),
    fc.integer({ min: PIECE - 2, max: 3 * PIECE + 2 }).map((length) => 'é'.repeat(length)),
  ),
  { maxLength: 6 },
);

async function read(file: string): Promise<string[]> {
  const found: string[] = [];
  for await (const line of linesOf(file)) found.push(line);
  return found;
}

describe('linesOf', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'lines-of-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('reads lines as they were written, wherever the pieces of the file end', async () => {
    const file = join(directory, 'file');
    await fc.assert(
      fc.asyncProperty(lines, async (written) => {
        await writeFile(file, written.map((line) => `${line}\n`).join(''));
        expect(await read(file)).toEqual(written);
      }),
      { numRuns: 50 },
    );
  });

  it('reads a last line that has no end', async () => {
    const file = join(directory, 'cut');
    await writeFile(file, `whole\n${'x'.repeat(2 * PIECE)}`);
    expect(await read(file)).toEqual(['whole', 'x'.repeat(2 * PIECE)]);
  });
});
