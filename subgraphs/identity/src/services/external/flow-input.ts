import { InvalidValue } from '../../entities/rules/index.js';

/** A SHA-256 in base64url. */
const CHALLENGE = /^[A-Za-z0-9_-]{43}$/;
const MAX_PATH_LENGTH = 2000;

/** Browsers read a backslash as a slash and leave tabs and line breaks out, so that neither is in a path. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const PATH = /^\/(?!\/)[^\\\u0000-\u0020\u007f]*$/;

/** @throws InvalidValue */
export function codeChallenge(text: string): string {
  if (!CHALLENGE.test(text)) throw new InvalidValue('The base64url SHA-256 of the verifier.');
  return text;
}

/** A path of the application, with query and fragment. @throws InvalidValue */
export function returnPath(text: string): string {
  if (text.length > MAX_PATH_LENGTH || !PATH.test(text))
    throw new InvalidValue('A path that begins with a single slash, of at most 2000 characters.');
  return text;
}
