import { randomBytes } from 'node:crypto';
import { chown, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a client needs to sign in as the server's superuser; the port is kept from one start to the next when it is free. */
export interface Credentials {
  readonly password: string;
  readonly port?: number;
}

const file = (home: string): string => join(home, 'credentials.json');

/** Undefined when the server has never been started. */
export async function readCredentials(home: string): Promise<Credentials | undefined> {
  try {
    return JSON.parse(await readFile(file(home), 'utf8')) as Credentials;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Readable by the owner of `home` alone, also when root writes it for them. */
export async function writeCredentials(home: string, credentials: Credentials): Promise<Credentials> {
  const draft = `${file(home)}.new`;
  await writeFile(draft, JSON.stringify(credentials), { mode: 0o600 });
  const { uid, gid } = await stat(home);
  if (process.getuid?.() === 0) await chown(draft, uid, gid);
  await rename(draft, file(home));
  return credentials;
}

/** 192 bits, in letters that need no escaping in a URL. */
export const newPassword = (): string => randomBytes(24).toString('base64url');
