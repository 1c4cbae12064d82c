import { createHash, randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type DatabaseSnapshot, restoreState, TarWriter, withSnapshot } from '@platform/postgres/backup';
import { UnusableFile } from '@platform/runtime/unusable-file';
import { version } from '@platform/runtime/version';
import { dataFiles, isStoredCheckpoint } from './data-files.js';
import { RestoreUnfinished } from './earlier-state.js';
import { CHECKSUMS, checksumLine, FILES, FORMAT, MANIFEST, type Manifest, ROWS } from './manifest.js';

/** Rows leave in portions of so many bytes, as an archive must know the size of each of its files. */
const PORTION = 4 * 1024 ** 2;

interface BackupSource {
  readonly url: string;
  readonly dataDir: string;
  /** The schemas, in the order in which they migrate. */
  readonly schemas: readonly string[];
}

/** What a backup holds. */
export interface BackupSummary {
  readonly tables: number;
  readonly files: number;
}

/** Writes everything that is state into one archive, while the platform runs. It has its name only once it is whole. @throws UnusableFile, RestoreUnfinished */
export async function writeBackup(file: string, source: BackupSource): Promise<BackupSummary> {
  if (await restoreState(source.url)) throw new RestoreUnfinished();
  const draft = `${file}.${randomBytes(8).toString('hex')}.part`;
  const gzip = createGzip();
  const written = pipeline(gzip, createWriteStream(draft, { flags: 'wx', mode: 0o600, flush: true }));
  try {
    const saved = writeAll(new BackupWriter(gzip), source);
    // A disk that is full ends the file; what is still being read then waits for nobody.
    const summary = await Promise.race([saved, written.then(() => saved)]);
    gzip.end();
    await written;
    await rename(draft, file);
    await syncFolder(dirname(file));
    return summary;
  } catch (error) {
    await rm(draft, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    throw code === 'ENOENT' || code === 'EACCES' || code === 'ENOSPC' ? new UnusableFile(file, error as Error) : error;
  }
}

/**
 * Files come before the database and those that are new since then after it: what a row names was there at one of both times.
 * Kept checkpoints come before it alone.
 */
async function writeAll(archive: BackupWriter, { url, dataDir, schemas }: BackupSource): Promise<BackupSummary> {
  const before = await dataFiles(dataDir);
  for (const path of before) await archive.file(dataDir, path);
  const tables = await withSnapshot(url, schemas, (snapshot) => writeRows(archive, snapshot));
  const known = new Set(before);
  for (const path of await dataFiles(dataDir)) {
    if (!known.has(path) && !isStoredCheckpoint(path)) await archive.file(dataDir, path);
  }
  await archive.end();
  return { tables, files: archive.files };
}

async function writeRows(archive: BackupWriter, snapshot: DatabaseSnapshot): Promise<number> {
  const manifest: Manifest = {
    format: FORMAT,
    platform: version(),
    madeAt: new Date().toISOString(),
    schemas: [...snapshot.schemas],
  };
  await archive.text(MANIFEST, JSON.stringify(manifest, null, 2));
  let tables = 0;
  for (const schema of snapshot.schemas) {
    for (const table of schema.tables) {
      await archive.portions(`${ROWS}${schema.name}/${table.name}`, await snapshot.rows(schema.name, table));
      tables += 1;
    }
  }
  return tables;
}

/** An archive with checksums. */
class BackupWriter {
  private readonly tar: TarWriter;
  private readonly checksums: string[] = [];
  files = 0;

  constructor(out: ConstructorParameters<typeof TarWriter>[0]) {
    this.tar = new TarWriter(out);
  }

  async text(name: string, text: string): Promise<void> {
    await this.bytes(name, Buffer.from(text));
  }

  async portions(name: string, rows: Readable): Promise<void> {
    let parts: Buffer[] = [];
    let size = 0;
    let number = 0;
    const flush = async () => {
      await this.bytes(`${name}/${String(number++).padStart(6, '0')}`, Buffer.concat(parts));
      parts = [];
      size = 0;
    };
    for await (const chunk of rows as AsyncIterable<Buffer>) {
      parts.push(chunk);
      size += chunk.length;
      if (size >= PORTION) await flush();
    }
    if (size > 0) await flush();
  }

  /** A file as long as it is now, whatever is added to it meanwhile. One that is gone by now is left out. */
  async file(folder: string, path: string): Promise<void> {
    const handle = await open(join(folder, path)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (!handle) return;
    try {
      const { size } = await handle.stat();
      const name = `${FILES}${path}`;
      const hash = createHash('sha256');
      const body = size === 0 ? [] : hashed(handle.createReadStream({ end: size - 1, autoClose: false }), hash);
      await this.tar.add(name, size, body);
      this.checksums.push(checksumLine(hash.digest('hex'), name));
      this.files += 1;
    } finally {
      await handle.close();
    }
  }

  async end(): Promise<void> {
    const text = Buffer.from(this.checksums.join(''));
    await this.tar.add(CHECKSUMS, text.length, [text]);
    await this.tar.end();
  }

  private async bytes(name: string, bytes: Buffer): Promise<void> {
    this.checksums.push(checksumLine(createHash('sha256').update(bytes).digest('hex'), name));
    await this.tar.add(name, bytes.length, [bytes]);
  }
}

async function* hashed(source: AsyncIterable<Buffer>, hash: ReturnType<typeof createHash>): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    hash.update(chunk);
    yield chunk;
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
