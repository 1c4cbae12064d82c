import { createHash, randomBytes, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const PUBLIC_LENGTH = 8;
/** What 32 bytes take in base 62, and what 32 bits take. */
const SECRET_LENGTH = 43;
const CHECKSUM_LENGTH = 6;

const FORM = /^([a-z][a-z0-9]{1,9}_[0-9A-Za-z]{8}_[0-9A-Za-z]{43})_([0-9A-Za-z]{6})$/;

/** The secret of a new API key, and its beginning, by which people recognise it. */
export interface ApiKeySecret {
  /** `plt_Yz3kQ0aB_…_4kF0aZ`: prefix, public part, 256 random bits, checksum. */
  readonly secret: string;
  /** The first two parts. */
  readonly prefix: string;
}

/** @param keyPrefix by which scanners of leaked secrets find the installation's keys. */
export function newApiKeySecret(keyPrefix: string): ApiKeySecret {
  const visible = Array.from({ length: PUBLIC_LENGTH }, () => DIGITS[randomInt(DIGITS.length)]).join('');
  const prefix = `${keyPrefix}_${visible}`;
  const unchecked = `${prefix}_${base62(BigInt(`0x${randomBytes(32).toString('hex')}`), SECRET_LENGTH)}`;
  return { prefix, secret: `${unchecked}_${checksum(unchecked)}` };
}

/** Whether a bearer token is an API key by its form, checksum included: nothing has to be looked up for one that is not. */
export function isApiKeySecret(token: string): boolean {
  const [, unchecked, given] = FORM.exec(token) ?? [];
  return unchecked !== undefined && checksum(unchecked) === given;
}

/** By what a key is found, in hex: it has so much entropy that a plain SHA-256 cannot be reversed. */
export const apiKeyHash = (secret: string): string => createHash('sha256').update(secret).digest('hex');

const checksum = (text: string): string => base62(BigInt(crc32(text)), CHECKSUM_LENGTH);

function base62(number: bigint, length: number): string {
  let text = '';
  for (let rest = number; rest > 0n; rest /= 62n) text = DIGITS[Number(rest % 62n)] + text;
  return text.padStart(length, '0');
}
