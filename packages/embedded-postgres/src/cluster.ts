import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { DataDirectory } from './data-directory.js';
import { EmbeddedPostgresFailed } from './errors.js';
import type { ServerUser } from './server-user.js';

const run = promisify(execFile);

/** The superuser of the embedded server. */
export const superuser = 'postgres';

/** Writes an empty database cluster to `<home>/data`, whole or not at all: UTF-8, the same sort order on every machine, passwords always asked for. */
export async function createCluster(directory: DataDirectory, password: string, durable: boolean): Promise<void> {
  const draft = join(directory.home, 'data.new');
  const passwordFile = join(directory.home, 'initdb-password');
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  await chmod(draft, 0o700);
  await writeFile(passwordFile, password, { mode: 0o600 });
  await give(directory.user, draft, passwordFile);
  const options = [
    `--pgdata=${draft}`,
    `--username=${superuser}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--no-locale',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    ...(durable ? [] : ['--no-sync']),
  ];
  try {
    await run(join(directory.binaries, 'bin', 'initdb'), options, {
      ...directory.user,
      cwd: directory.home,
      env: serverEnvironment,
    });
  } catch (cause) {
    const { stderr, message } = cause as Error & { stderr?: string };
    throw new EmbeddedPostgresFailed(stderr?.trim() || message, { cause });
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(draft, join(directory.home, 'data'));
}

/** Nothing of the caller's environment reaches the server: PGDATA, PGPORT and locales would change what it does. */
export const serverEnvironment = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

async function give(user: ServerUser, ...paths: string[]): Promise<void> {
  const { uid, gid } = user;
  if (uid === undefined || gid === undefined) return;
  for (const path of paths) await chown(path, uid, gid);
}
