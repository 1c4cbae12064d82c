import { randomBytes } from 'node:crypto';
import { username as aUsername } from '@platform/foundation/text';
import { InvalidValue } from './input-check.js';

const RESERVED = /^deleted-/i;
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** The username as given. Usernames that differ only in case are the same. @throws UnfitText */
export function username(text: string): string {
  const name = aUsername.read(text);
  if (RESERVED.test(name)) throw new InvalidValue('This username is reserved.');
  return name;
}

/** A username that tells nothing of its owner: `user-` and 40 random bits. */
export const randomUsername = (): string =>
  `user-${Array.from(randomBytes(8), (byte) => BASE32[byte % BASE32.length]).join('')}`;
