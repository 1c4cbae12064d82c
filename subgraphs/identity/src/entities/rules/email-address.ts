import { InvalidValue } from './input-check.js';

const MAX_LENGTH = 254;
const MAX_LOCAL_LENGTH = 64;

/** RFC 5321 dot-atoms, with the letters of every script (RFC 6531). Quoted local parts and address literals are not accepted. */
const ATOM = String.raw`[\p{L}\p{M}\p{N}!#$%&'*+/=?^_\x60{|}~-]+`;
const LABEL = String.raw`[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?`;
const SYNTAX = new RegExp(String.raw`^${ATOM}(?:\.${ATOM})*@(?:localhost|${LABEL}(?:\.${LABEL})+)$`, 'u');

/** One spelling for one mailbox: trimmed, Unicode-normalised (NFKC), lower case. Says nothing of whether it is an address. */
export const normaliseEmail = (text: string): string => text.trim().normalize('NFKC').toLowerCase().normalize('NFKC');

/** True for a normalised text that has the form of an e-mail address. */
export const isEmailAddress = (text: string): boolean =>
  text.length <= MAX_LENGTH && text.lastIndexOf('@') <= MAX_LOCAL_LENGTH && SYNTAX.test(text);

/** The normalised address. @throws InvalidValue */
export function emailAddress(text: string): string {
  const address = normaliseEmail(text);
  if (!isEmailAddress(address)) throw new InvalidValue('This is no e-mail address.');
  return address;
}
