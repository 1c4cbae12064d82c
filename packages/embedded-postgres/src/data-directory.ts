import { chmod, cp, lstat, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Binaries, installedBinaries } from './binaries.js';
import { EmbeddedPostgresFailed } from './errors.js';
import { canEnter, canRun, type ServerUser, serverUser } from './server-user.js';

/** Where the server lives: `home` holds its data and what belongs to it, `binaries` has bin/postgres and bin/initdb, `user` can reach both. */
export interface DataDirectory {
  readonly home: string;
  readonly binaries: string;
  readonly user: ServerUser;
  /** What is not where one would look for it, because the server's user could not reach it there. */
  readonly moved: readonly string[];
}

/** Everybody may pass through, only the owner may look. */
const PASSAGE = 0o711;

/** Writable by root alone, so that what is found here is the platform's own. */
const ELSEWHERE = '/var/lib/platform';

/** `<dataDirectory>/postgres` and the installed binaries. Below a directory that root's unprivileged server cannot enter, a folder in /var/lib instead. */
export async function chooseDataDirectory(dataDirectory: string): Promise<DataDirectory> {
  const installed = installedBinaries();
  const home = join(resolve(dataDirectory), 'postgres');
  await mkdir(home, { recursive: true }).catch((cause: NodeJS.ErrnoException) => {
    throw new EmbeddedPostgresFailed(`${home} cannot be written (${cause.code}).`, { cause });
  });
  const user = await serverUser(join(home, 'data'));
  if (user.uid === undefined) return { home, binaries: installed.folder, user, moved: [] };

  await chmod(home, PASSAGE);
  const reachable = {
    home: (await canEnter(user, home)) ? home : await reachableHome(home),
    binaries: (await canRun(user, join(installed.folder, 'bin', 'postgres')))
      ? installed.folder
      : await reachableBinaries(installed),
  };
  const moved = Object.values(reachable).filter((path) => path !== home && path !== installed.folder);
  return { ...reachable, user, moved };
}

/** One copy for every checkout on this machine. */
async function reachableBinaries({ folder, version }: Binaries): Promise<string> {
  const copy = join(await passage(), `postgresql-${version}`);
  if (await stat(copy).catch(() => undefined)) return copy;

  const draft = `${copy}.${process.pid}`;
  await cp(folder, draft, { recursive: true, verbatimSymlinks: true });
  await rename(draft, copy).catch(() => rm(draft, { recursive: true }));
  return copy;
}

/** The folder that stands in for `home`, remembered in it: whoever removes the data directory starts afresh. */
async function reachableHome(home: string): Promise<string> {
  const memory = join(home, 'location');
  const known = (await readFile(memory, 'utf8').catch(() => '')).trim();
  const found = known ? await lstat(known).catch(() => undefined) : undefined;
  if (found?.isDirectory() && found.uid === process.getuid?.()) return known;

  const created = await mkdtemp(join(await passage(), 'data-'));
  await chmod(created, PASSAGE);
  await writeFile(memory, `${created}\n`);
  return created;
}

async function passage(): Promise<string> {
  await mkdir(ELSEWHERE, { recursive: true });
  await chmod(ELSEWHERE, PASSAGE);
  return ELSEWHERE;
}
