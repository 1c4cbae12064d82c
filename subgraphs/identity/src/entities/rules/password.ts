import { password as aPassword } from '@platform/foundation/text';
import { commonPasswords } from './common-passwords.js';
import { InvalidValue } from './input-check.js';

/** Who the password is for; what is unknown yet is left out. */
interface Owner {
  readonly email?: string | null;
  readonly username?: string | null;
}

/** A password that may be set: long enough, and none of those that are tried first. There are no composition rules. @throws UnfitText */
export function newPassword(text: string, { email, username }: Owner): string {
  const password = aPassword.read(text);
  const folded = password.toLowerCase();
  if (commonPasswords.has(folded)) throw new InvalidValue('This password is one of the most used ones.');

  const names = [email, email?.split('@')[0], username].map((name) => name?.toLowerCase());
  if (names.includes(folded))
    throw new InvalidValue('The password must differ from the e-mail address and the username.');
  return password;
}
