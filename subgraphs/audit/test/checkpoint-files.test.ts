import { randomBytes } from 'node:crypto';
import { mkdtemp, open, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CheckpointFiles, GrowingTree, type Hash } from '@platform/transparency-log';

/** What `keptTree` may read of a file, however long that is. */
const FEW = 1024 * 1024;

describe('files of checkpoints', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'checkpoint-files-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const hashes = (count: number): Hash[] => Array.from({ length: count }, () => randomBytes(32));

  /** Keeps a checkpoint over these leaves and all before, in lines of `perLine` leaves. */
  const keep = async (leaves: readonly Hash[], day = '2026-11-30', perLine = leaves.length): Promise<GrowingTree> => {
    const files = new CheckpointFiles(folder);
    const grown = (await files.keptTree()).copy();
    for (const leaf of leaves) grown.append(leaf);
    const runs = Array.from({ length: Math.ceil(leaves.length / perLine) }, (_, index) =>
      leaves.slice(index * perLine, (index + 1) * perLine),
    );
    const signedAt = new Date(`${day}T12:00:00Z`);
    await files.keep({ note: `of ${grown.size}\n`, signedAt, size: grown.size, root: grown.root() }, runs);
    return grown;
  };
  const kept = async () => {
    const found: { note: string | null; from: number; leaves: number }[] = [];
    for await (const { note, from, leaves } of new CheckpointFiles(folder).read()) {
      found.push({ note, from, leaves: leaves.length });
    }
    return found;
  };
  const expectKept = async (tree: GrowingTree): Promise<void> => {
    const read = await new CheckpointFiles(folder).keptTree();
    expect([read.size, read.root().toString('hex')]).toEqual([tree.size, tree.root().toString('hex')]);
  };

  it('are one for each day, and come after the month that an earlier version kept', async () => {
    await keep(hashes(3), '2026-10-31');
    const [first = ''] = await readdir(folder);
    await writeFile(join(folder, '2026-11.jsonl'), await readFile(join(folder, first)));
    await rm(join(folder, first));
    await keep(hashes(2), '2026-11-29');
    const tree = await keep(hashes(4), '2026-11-30');

    expect((await readdir(folder)).sort()).toEqual(['2026-11-29.jsonl', '2026-11-30.jsonl', '2026-11.jsonl']);
    await expectKept(tree);
    expect((await kept()).map(({ note }) => note)).toEqual(['of 3\n', 'of 5\n', 'of 9\n']);
  });

  it('are read from their end: of a gigabyte, the last line', async () => {
    const file = join(folder, '2026-11.jsonl');
    const tree = await keep(hashes(100));
    const [day = ''] = await readdir(folder);
    const line = await readFile(join(folder, day));
    await rm(join(folder, day));
    await writeFile(file, '');
    await truncate(file, 1024 ** 3);
    const handle = await open(file, 'a');
    await handle.appendFile('\n');
    await handle.appendFile(line);
    await handle.close();

    const before = await bytesRead();
    await expectKept(tree);
    expect((await bytesRead()) - before).toBeLessThan(FEW);
  });

  it('are read from their end where a line of an earlier version is too long to be read', async () => {
    const tree = await keep(hashes(400_000));
    await expectKept(tree);
    const [day = ''] = await readdir(folder);
    const { size } = await stat(join(folder, day));
    await truncate(join(folder, day), size - 20);
    expect((await new CheckpointFiles(folder).keptTree()).size).toBe(0);
  });

  it('have many hashes in lines of their own, and the checkpoint in the last of them', async () => {
    await keep(hashes(5));
    const tree = await keep(hashes(10), '2026-11-30', 4);
    expect(await kept()).toEqual([
      { note: 'of 5\n', from: 0, leaves: 5 },
      { note: null, from: 5, leaves: 4 },
      { note: null, from: 9, leaves: 4 },
      { note: 'of 15\n', from: 13, leaves: 2 },
    ]);
    await expectKept(tree);
  });

  it('go on from the last whole checkpoint when a crash has cut one off', async () => {
    const tree = await keep(hashes(5));
    const [day = ''] = await readdir(folder);
    const { size } = await stat(join(folder, day));
    await keep(hashes(10), '2026-11-30', 4);
    await truncate(join(folder, day), size + 400);

    await expectKept(tree);
    await expectKept(await keep(hashes(3)));
    expect((await kept()).filter(({ note }) => note !== null)).toEqual([
      { note: 'of 5\n', from: 0, leaves: 5 },
      { note: 'of 8\n', from: 5, leaves: 3 },
    ]);
  });
});

/** Bytes that this process has read, of whatever. */
async function bytesRead(): Promise<number> {
  const [, count = ''] = /^rchar: (\d+)/m.exec(await readFile('/proc/self/io', 'utf8')) ?? [];
  return Number(count);
}
