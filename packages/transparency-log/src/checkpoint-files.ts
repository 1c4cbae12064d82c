import { existsSync } from 'node:fs';
import { type FileHandle, mkdir, open, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { linesOf } from './lines-of.js';
import { GrowingTree, type Hash } from './merkle-tree.js';
import { lastTreeIn, leavesIn, parsedLine, storedLine } from './stored-line.js';

/** One kept checkpoint and the hashes of what it added; hashes alone where one checkpoint added more than one line has room for. */
export interface StoredCheckpoint {
  /** Null where it follows with more hashes. */
  readonly note: string | null;
  readonly from: number;
  readonly leaves: readonly Hash[];
  /** Where it is kept. */
  readonly file: string;
}

/**
 * The checkpoints of a log in a folder: a file a day, a line a checkpoint, only ever added to; earlier versions made a file a month.
 * With the leaf hashes it knows each entry's place on its own, whatever becomes of the database.
 */
export class CheckpointFiles {
  private tree: GrowingTree | undefined;

  constructor(private readonly directory: string) {}

  /** The tree over all entries that the kept checkpoints cover. */
  async keptTree(): Promise<GrowingTree> {
    this.tree ??= await this.readTree();
    return this.tree;
  }

  /**
   * Keeps a checkpoint, durably, with the leaf hashes beyond the kept tree, which come in runs of `LEAVES_PER_LINE` at most.
   * It is whole with its last line, which has the note; hashes that do not lead to it get none.
   */
  async keep(
    checkpoint: { readonly note: string; readonly signedAt: Date; readonly size: number; readonly root: Hash },
    leaves: AsyncIterable<readonly Hash[]> | Iterable<readonly Hash[]>,
  ): Promise<void> {
    const grown = (await this.keptTree()).copy();
    await mkdir(this.directory, { recursive: true });
    const day = checkpoint.signedAt.toISOString().slice(0, 10);
    const file = await open(join(this.directory, `${day}.jsonl`), 'a+', 0o600);
    try {
      if (await endsInsideLine(file)) await file.appendFile('\n');
      for await (const run of leaves) {
        for (const leaf of run) grown.append(leaf);
        const whole = grown.size === checkpoint.size && grown.root().equals(checkpoint.root);
        await file.appendFile(storedLine(whole ? checkpoint.note : undefined, run, grown));
      }
      await file.sync();
    } finally {
      await file.close();
    }
    if (grown.root().equals(checkpoint.root)) this.tree = grown;
  }

  /** Every kept checkpoint, oldest first. A last line that was cut off by a crash is none. */
  async *read(): AsyncGenerator<StoredCheckpoint> {
    for (const file of await this.files()) {
      for await (const text of linesOf(file)) {
        const line = parsedLine(text);
        if (line) yield { note: line.note ?? null, from: line.from, leaves: leavesIn(line), file };
      }
    }
  }

  private async readTree(): Promise<GrowingTree> {
    for (const path of (await this.files()).reverse()) {
      const file = await open(path);
      const tree = await lastTreeIn(file).finally(() => file.close());
      if (tree) return tree;
    }
    return new GrowingTree();
  }

  /** Oldest first: the month of earlier versions comes before its days. */
  private async files(): Promise<string[]> {
    if (!existsSync(this.directory)) return [];
    const names = (await readdir(this.directory)).filter((name) => NAME.test(name));
    const dates = names.map((name) => basename(name, '.jsonl')).sort();
    return dates.map((date) => join(this.directory, `${date}.jsonl`));
  }
}

const NAME = /^\d{4}-\d{2}(-\d{2})?\.jsonl$/;

/** Whether a crash, or a full disk, has cut the last line off: the next one must not go on with it. */
async function endsInsideLine(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return false;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer.toString() !== '\n';
}
