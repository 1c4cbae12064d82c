import type { Dirent } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** The embedded server's own files: its rows are in the backup. */
const SERVER = 'postgres';
/** The checkpoints of the audit log that are kept outside the database, a file a month. */
const KEPT_CHECKPOINTS = /^audit\/[0-9a-f-]{36}\/\d{4}-\d{2}\.jsonl$/;

/** The files of the data directory besides the embedded server's, by their paths with slashes. */
export async function dataFiles(dataDir: string): Promise<string[]> {
  const entries = await readdir(dataDir, { withFileTypes: true, recursive: true }).catch(nothingThere);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dataDir, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !path.startsWith(`${SERVER}/`))
    .sort();
}

/** Removes those files. Folders stay: they may be volumes. */
export async function removeFiles(dataDir: string): Promise<void> {
  for (const path of await dataFiles(dataDir)) await rm(join(dataDir, path), { force: true });
}

/** Whether the file must not be newer than the database: a checkpoint that covers entries which the database lacks says that they were removed. */
export const isKeptCheckpoint = (path: string): boolean => KEPT_CHECKPOINTS.test(path);

function nothingThere(error: NodeJS.ErrnoException): Dirent[] {
  if (error.code === 'ENOENT') return [];
  throw error;
}
