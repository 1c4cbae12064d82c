import { existsSync } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GrowingTree, HASH_BYTES, type Hash, hashesIn } from '../log/index.js';
import { linesOf } from './lines-of.js';

/** A checkpoint as it is kept outside the database, with the hashes of the entries that it covers beyond the one before. */
interface KeptLine {
  readonly note: string;
  readonly size: number;
  /** How many of the size `leaves` are not. */
  readonly from: number;
  /** Leaf hashes, one after the other, base64. */
  readonly leaves: string;
  /** The roots of the tree's largest perfect subtrees at this size, so that it can go on from here. */
  readonly subtrees: string;
}

/** One kept checkpoint and the hashes of what it added. */
export interface KeptCheckpoint {
  readonly note: string;
  readonly from: number;
  readonly leaves: readonly Hash[];
  /** Where it is kept. */
  readonly file: string;
}

/**
 * The checkpoints of a log in a folder: a file a month, a line a checkpoint, only ever added to.
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

  /** Keeps a checkpoint, durably. `grown` is the kept tree with the leaves added. */
  async keep(checkpoint: { note: string; signedAt: Date }, leaves: readonly Hash[], grown: GrowingTree): Promise<void> {
    const line: KeptLine = {
      note: checkpoint.note,
      size: grown.size,
      from: grown.size - leaves.length,
      leaves: Buffer.concat(leaves).toString('base64'),
      subtrees: Buffer.concat(grown.subtrees).toString('base64'),
    };
    await mkdir(this.directory, { recursive: true });
    const month = checkpoint.signedAt.toISOString().slice(0, 7);
    const file = await open(join(this.directory, `${month}.jsonl`), 'a+', 0o600);
    try {
      const begin = (await endsInsideLine(file)) ? '\n' : '';
      await file.appendFile(`${begin}${JSON.stringify(line)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    this.tree = grown;
  }

  /** Every kept checkpoint, oldest first. A last line that was cut off by a crash is none. */
  async *read(): AsyncGenerator<KeptCheckpoint> {
    for (const file of await this.files()) {
      for await (const text of linesOf(file)) {
        const line = parsed(text);
        if (line) yield { note: line.note, from: line.from, leaves: hashesIn(bytes(line.leaves)), file };
      }
    }
  }

  private async readTree(): Promise<GrowingTree> {
    for (const file of (await this.files()).reverse()) {
      const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
      const last = lines.map(parsed).findLast((line) => line !== undefined);
      if (last) return new GrowingTree(last.size, hashesIn(bytes(last.subtrees)));
    }
    return new GrowingTree();
  }

  private async files(): Promise<string[]> {
    if (!existsSync(this.directory)) return [];
    const names = (await readdir(this.directory)).filter((name) => /^\d{4}-\d{2}\.jsonl$/.test(name));
    return names.sort().map((name) => join(this.directory, name));
  }
}

/** Whether a crash, or a full disk, has cut the last line off: the next one must not go on with it. */
async function endsInsideLine(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return false;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer.toString() !== '\n';
}

const bytes = (encoded: string): Buffer => Buffer.from(encoded, 'base64');

function parsed(text: string): KeptLine | undefined {
  try {
    const line = JSON.parse(text) as KeptLine;
    const whole = bytes(line.leaves).length === (line.size - line.from) * HASH_BYTES;
    return whole ? line : undefined;
  } catch {
    return undefined;
  }
}
