import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { DataDirectoryInUse } from './errors.js';
import { startedAt } from './process-identity.js';

interface Owner {
  readonly pid: number;
  readonly startedAt: string | undefined;
}

/** A file that names the one process which may use a directory. A dead owner's file gives way, also when its number now belongs to another process. */
export class InstanceLock {
  private readonly own: Owner = { pid: process.pid, startedAt: startedAt(process.pid) };

  constructor(
    private readonly directory: string,
    private readonly file: string,
  ) {}

  /** Throws DataDirectoryInUse while the owner lives. */
  async acquire(): Promise<void> {
    const draft = `${this.file}.${process.pid}`;
    await writeFile(draft, JSON.stringify(this.own), { mode: 0o644 });
    try {
      while (!(await linked(draft, this.file))) await this.removeStale();
    } finally {
      await rm(draft, { force: true });
    }
  }

  async release(): Promise<void> {
    if ((await this.owner())?.pid === process.pid) await rm(this.file, { force: true });
  }

  private async removeStale(): Promise<void> {
    const owner = await this.owner();
    if (!owner) return;
    const living = startedAt(owner.pid);
    if (living !== undefined && living === owner.startedAt) throw new DataDirectoryInUse(this.directory, owner.pid);

    const stale = `${this.file}.stale.${process.pid}`;
    await rename(this.file, stale).catch(ignoreMissing);
    const removed = await this.owner(stale);
    // Somebody else replaced the stale file in between: what was taken away is theirs.
    if (removed && removed.pid !== owner.pid) await linked(stale, this.file);
    await rm(stale, { force: true });
  }

  private async owner(file = this.file): Promise<Owner | undefined> {
    const text = await readFile(file, 'utf8').catch(ignoreMissing);
    return text === undefined ? undefined : parsed(text);
  }
}

/** A file that a power cut left empty names nobody. */
function parsed(text: string): Owner {
  try {
    return JSON.parse(text) as Owner;
  } catch {
    return { pid: 0, startedAt: undefined };
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
