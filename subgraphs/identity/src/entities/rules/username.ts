import { randomBytes } from 'node:crypto';
import { InvalidValue } from './input-check.js';

const SYNTAX = /^[a-z0-9](?:[a-z0-9._-]{1,30})[a-z0-9]$/i;
const RESERVED = /^deleted-/i;
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** The username as given. Usernames that differ only in case are the same. @throws InvalidValue */
export function username(text: string): string {
  const name = text.trim();
  if (!SYNTAX.test(name)) {
    throw new InvalidValue(
      'A username has 3 to 32 letters, digits, dots, hyphens or underscores, and no sign at its ends.',
    );
  }
  if (RESERVED.test(name)) throw new InvalidValue('This username is reserved.');
  return name;
}

/** A username that tells nothing of its owner: `user-` and 40 random bits. */
export const randomUsername = (): string =>
  `user-${Array.from(randomBytes(8), (byte) => BASE32[byte % BASE32.length]).join('')}`;
