import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { BrokenArchive, readTar, type TarEntry } from '@platform/postgres/backup';
import { UnusableFile } from '@platform/runtime/unusable-file';
import { CHECKSUMS, checksumLine, MANIFEST, type Manifest, parseManifest, UnusableBackup } from './manifest.js';

/** The files of the archive, in the order in which they were written. @throws BrokenArchive */
export async function* entriesOf(file: string): AsyncGenerator<TarEntry> {
  const source = createReadStream(file);
  const gunzip = createGunzip();
  source.once('error', (error) => gunzip.destroy(error));
  try {
    yield* readTar(source.pipe(gunzip));
  } finally {
    source.destroy();
  }
}

/** Reads the whole archive and holds every byte against its checksum. Answers what it says of itself. @throws UnusableBackup, UnusableFile */
export async function checkBackup(file: string): Promise<Manifest> {
  try {
    return await readWhole(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof BrokenArchive || code?.startsWith('Z_'))
      throw new UnusableBackup(file, (error as Error).message);
    throw code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR' ? new UnusableFile(file, error as Error) : error;
  }
}

async function readWhole(file: string): Promise<Manifest> {
  const checksums: string[] = [];
  let manifest: Manifest | undefined;
  let expected: string | undefined;
  for await (const { name, body } of entriesOf(file)) {
    const hash = createHash('sha256');
    const kept: Buffer[] = [];
    for await (const chunk of body) {
      hash.update(chunk);
      if (name === MANIFEST || name === CHECKSUMS) kept.push(chunk);
    }
    const text = Buffer.concat(kept).toString();
    if (name === MANIFEST) manifest = parseManifest(file, text);
    if (name === CHECKSUMS) expected = text;
    else checksums.push(checksumLine(hash.digest('hex'), name));
  }
  if (!manifest || expected === undefined) throw new UnusableBackup(file, 'it is not whole');
  if (checksums.join('') !== expected) throw new UnusableBackup(file, 'its bytes are not those that were written');
  return manifest;
}
