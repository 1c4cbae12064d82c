import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { link, mkdir, open, opendir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { checkedFolder, checkedKey } from './blob-key.js';
import type { StoredBlob } from './blob-store.js';

/** What becomes of bytes that are sent: kept, or not, since something is there already, or they are fewer or more than promised. */
export type StoreOutcome = 'kept' | 'taken' | 'wrong-size';

/** Bytes that are still coming, or whose process has ended meanwhile. */
const COMING = '.coming';

/** Blobs as files below a folder, at their keys. A blob is there as a whole, or not at all. */
export class BlobFolder {
  constructor(private readonly root: string) {}

  async find(key: string): Promise<StoredBlob | null> {
    const found = await stat(this.path(key)).catch(nothing);
    return found && { key, size: found.size, storedAt: found.mtime };
  }

  async list(folder: string): Promise<readonly StoredBlob[]> {
    const files = (await readdir(join(this.root, checkedFolder(folder))).catch(nothing)) ?? [];
    const found = await Promise.all(
      files.filter((file) => !file.endsWith(COMING)).map((file) => this.find(`${folder}/${file}`)),
    );
    return found.filter((blob) => blob !== null);
  }

  async readHead(key: string, length: number): Promise<Buffer | null> {
    const file = await open(this.path(key)).catch(nothing);
    if (!file) return null;
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  }

  read(key: string): Readable {
    return createReadStream(this.path(key));
  }

  /** @throws what the disk fails with */
  async keep(key: string, bytes: Readable, size: number): Promise<StoreOutcome> {
    const path = this.path(key);
    await mkdir(dirname(path), { recursive: true });
    const coming = `${path}.${randomUUID()}${COMING}`;
    try {
      await pipeline(upTo(bytes, size), createWriteStream(coming, { flags: 'wx', mode: 0o600, flush: true }));
      if ((await stat(coming)).size !== size) return 'wrong-size';
      await link(coming, path);
      await synced(dirname(path));
      return 'kept';
    } catch (error) {
      if (bytes.errored || bytes.readableAborted) return 'wrong-size';
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return 'taken';
      throw error;
    } finally {
      // Whoever still sends has to end before anything else goes through the same connection.
      bytes.resume();
      await rm(coming, { force: true });
    }
  }

  /** Removes what is left of uploads to the module that began before and did not come to their end. */
  async removeUnfinished(module: string, before: Date): Promise<void> {
    const directory = await opendir(join(this.root, module), { recursive: true }).catch(nothing);
    for await (const entry of directory ?? []) {
      const path = join(entry.parentPath, entry.name);
      if (!entry.isFile() || !entry.name.endsWith(COMING)) continue;
      const found = await stat(path).catch(nothing);
      if (found && found.mtime < before) await rm(path, { force: true });
    }
  }

  async delete(key: string): Promise<void> {
    await rm(this.path(key), { force: true });
  }

  private path(key: string): string {
    return join(this.root, checkedKey(key));
  }
}

/** Has a folder's entries outlive a power failure, before a row names one of them. */
async function synced(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** What comes, and no more than a byte beyond `size`. */
async function* upTo(bytes: Readable, size: number): AsyncGenerator<Buffer> {
  let left = size + 1;
  // Whoever sends too much is to hear of it: the connection stays.
  for await (const chunk of bytes.iterator({ destroyOnReturn: false })) {
    yield chunk.subarray(0, left);
    left -= chunk.length;
    if (left <= 0) return;
  }
}

function nothing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
