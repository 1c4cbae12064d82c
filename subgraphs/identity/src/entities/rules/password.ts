import { commonPasswords } from './common-passwords.js';
import { InvalidValue } from './input-check.js';

const MIN_LENGTH = 8;
const MAX_LENGTH = 128;

/** Who the password is for; what is unknown yet is left out. */
interface Owner {
  readonly email?: string | null;
  readonly username?: string | null;
}

/** One spelling for one password, however a keyboard composes its characters. */
export const normalisePassword = (text: string): string => text.normalize('NFKC');

/** A password that may be set: long enough, and none of those that are tried first. There are no composition rules. @throws InvalidValue */
export function newPassword(text: string, { email, username }: Owner): string {
  const length = [...text].length;
  if (length < MIN_LENGTH || length > MAX_LENGTH) {
    throw new InvalidValue(`A password has ${MIN_LENGTH} to ${MAX_LENGTH} characters.`);
  }
  const password = normalisePassword(text);
  const folded = password.toLowerCase();
  if (commonPasswords.has(folded)) throw new InvalidValue('This password is one of the most used ones.');

  const names = [email, email?.split('@')[0], username].map((name) => name?.toLowerCase());
  if (names.includes(folded))
    throw new InvalidValue('The password must differ from the e-mail address and the username.');
  return password;
}
