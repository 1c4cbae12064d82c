import { createCipheriv, createDecipheriv, createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { JsonValue } from './without-secrets.js';

/** What of an entry is sealed together: where the action came from, what is told about it, or all of that where it is about one person. */
export type SealedPart = 'origin' | 'metadata' | 'all';

/** Ciphertext in base64, under a key of the subject whose data it is. */
export interface SealedText {
  readonly subject: string;
  readonly text: string;
}

/** The parts of an entry that are personal data, as the log keeps them. */
export type Sealed = { readonly [Part in SealedPart]?: SealedText };

const ALGORITHM = 'aes-256-gcm';
const TAG_BYTES = 16;
/** Every part of every entry has a key of its own, which is used once. */
const NONCE = Buffer.alloc(12);

/** The key of one part of one entry: it can be shown without giving away the subject's other entries. */
export const partKey = (subjectKey: KeyObject, entryId: string, part: SealedPart): Buffer =>
  createHmac('sha256', subjectKey).update(`${entryId}/${part}`).digest();

export function seal(key: Buffer, text: string): string {
  // Node derives a key object from bytes by a slower way of its own.
  const cipher = createCipheriv(ALGORITHM, createSecretKey(key), NONCE);
  return Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64');
}

/** What is personal in an entry. */
export interface PersonalData {
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly metadata: JsonValue;
}

/** The personal data that the text of an opened part tells. @throws SyntaxError when it is not JSON */
export function personalDataIn(part: SealedPart, text: string): Partial<PersonalData> {
  const value = JSON.parse(text);
  return part === 'metadata' ? { metadata: value } : value;
}

/** What stands in an entry for a part that is sealed, or that nobody can open any more. */
export const WITHOUT = {
  origin: { ipAddress: null, userAgent: null },
  metadata: { metadata: null },
  all: { ipAddress: null, userAgent: null, metadata: null },
} satisfies { readonly [Part in SealedPart]: Partial<PersonalData> };

/** @throws when the text was not sealed with this key, or was changed. */
export function unseal(key: Buffer, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv(ALGORITHM, key, NONCE);
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8');
}
