import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The account that PostgreSQL runs as. Empty: as this process. */
export interface ServerUser {
  readonly uid?: number;
  readonly gid?: number;
}

const nobody: ServerUser = { uid: 65534, gid: 65534 };

/** PostgreSQL refuses root, so root runs it as the owner of the existing data, else as `postgres`, else as nobody. */
export async function serverUser(dataDirectory: string): Promise<ServerUser> {
  if (process.getuid?.() !== 0) return {};
  const owner = await stat(dataDirectory).catch(() => undefined);
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return postgresAccount() ?? nobody;
}

function postgresAccount(): ServerUser | undefined {
  try {
    const [, uid, gid] = /^postgres:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8')) ?? [];
    return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the account can enter a folder, asked of the system itself: owners, groups, access lists and mounts all count. */
export async function canEnter(user: ServerUser, folder: string): Promise<boolean> {
  return succeeds(user, '/bin/sh', ['-c', 'cd "$0"', folder]);
}

/** Whether the account can run a program. */
export async function canRun(user: ServerUser, program: string): Promise<boolean> {
  return succeeds(user, program, ['--version']);
}

async function succeeds(user: ServerUser, program: string, args: string[]): Promise<boolean> {
  try {
    await run(program, args, { ...user, cwd: '/', env: {} });
    return true;
  } catch {
    return false;
  }
}
