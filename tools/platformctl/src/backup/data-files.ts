import { readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { OperatorError } from '@platform/foundation/errors';
import { UnusableFile } from '@platform/runtime/unusable-file';

/** The embedded server's own files: its rows are in the backup. */
const SERVER = 'postgres';
/** The checkpoints of the audit log that are kept outside the database, a file a day; earlier versions made a file a month. */
const KEPT_CHECKPOINTS = /^audit\/[0-9a-f-]{36}\/\d{4}-\d{2}(-\d{2})?\.jsonl$/;
/** A file that a restoring sets aside stays in its folder, which may be a volume of its own. */
const ASIDE = '.before-restore';

/** An archive among the files that it is made of, or that it replaces. */
export class ArchiveInDataDirectory extends OperatorError {
  constructor(file: string, folder: string) {
    super(`${file} lies in ${folder}, which is part of the data directory. Choose a place outside it.`);
  }
}

interface Found {
  /** By their paths with slashes, below the data directory. */
  readonly files: string[];
  /** The data directory and what its symbolic links lead to, by their real paths. */
  readonly roots: string[];
}

/** The files of the data directory besides the embedded server's, in order; symbolic links are followed. @throws UnusableFile where one leads nowhere */
export const dataFiles = async (dataDir: string): Promise<string[]> =>
  (await found(dataDir)).files.filter((path) => !path.endsWith(ASIDE)).sort();

/** @throws ArchiveInDataDirectory where the archive is, or would come to lie, among those files, by whatever name */
export async function refuseInside(dataDir: string, file: string): Promise<void> {
  const folder = await realpath(dirname(file)).catch(() => dirname(file));
  const real = await realpath(file).catch(() => join(folder, basename(file)));
  const { roots } = await found(dataDir);
  for (const root of roots) {
    if (real.startsWith(root + sep) || folder === root || folder.startsWith(root + sep)) {
      throw new ArchiveInDataDirectory(file, root);
    }
  }
}

/** Removes those files. Folders stay: they may be volumes. */
export async function removeFiles(dataDir: string): Promise<void> {
  for (const path of await dataFiles(dataDir)) await rm(join(dataDir, path), { force: true });
}

/** Gives each of the files another name, in the folder where it is. */
export async function setFilesAside(dataDir: string): Promise<void> {
  for (const path of await dataFiles(dataDir)) await rename(join(dataDir, path), join(dataDir, path + ASIDE));
}

/** Gives the files that were set aside their names back. */
export async function bringFilesBack(dataDir: string): Promise<void> {
  for (const path of await filesAside(dataDir)) await rename(path, path.slice(0, -ASIDE.length));
}

/** Removes the files that were set aside. */
export async function removeFilesAside(dataDir: string): Promise<void> {
  for (const path of await filesAside(dataDir)) await rm(path, { force: true });
}

/** Whether the file must not be newer than the database: a checkpoint that covers entries which the database lacks says that they were removed. */
export const isStoredCheckpoint = (path: string): boolean => KEPT_CHECKPOINTS.test(path);

const filesAside = async (dataDir: string): Promise<string[]> =>
  (await found(dataDir)).files.filter((path) => path.endsWith(ASIDE)).map((path) => join(dataDir, path));

async function found(dataDir: string): Promise<Found> {
  const result: Found = { files: [], roots: [] };
  const root = await realpath(dataDir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (root) await walk(dataDir, '', [root], result, true);
  return result;
}

/** @param above the real paths of the folder and of those that it lies in. */
async function walk(dataDir: string, path: string, above: readonly string[], result: Found, root: boolean) {
  if (root) result.roots.push(above[0] as string);
  const entries = await readdir(join(dataDir, path), { withFileTypes: true }).catch(goneMeanwhile);
  for (const entry of entries) {
    const below = path ? `${path}/${entry.name}` : entry.name;
    if (below === SERVER) continue;
    const full = join(dataDir, below);
    // What a link that was set aside leads to may be set aside as well.
    const follow = entry.isSymbolicLink() && !entry.name.endsWith(ASIDE);
    const kind = follow ? await stat(full).catch(leadsNowhere(full)) : entry;
    if (kind.isFile() || (kind === entry && entry.isSymbolicLink())) result.files.push(below);
    if (!kind.isDirectory()) continue;
    const real = follow ? await realpath(full) : join(above[0] as string, entry.name);
    if (above.includes(real)) throw new UnusableFile(full, new Error('it leads to a folder that it lies in'));
    await walk(dataDir, below, [real, ...above], result, follow);
  }
}

function goneMeanwhile(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT') return [];
  throw error;
}

const leadsNowhere = (link: string) => (error: Error) => {
  throw new UnusableFile(link, error);
};
