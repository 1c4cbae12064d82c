import { createHash } from 'node:crypto';
import { IDEMPOTENCY_KEY_HEADER, OPERATION_HASH_HEADER } from '@platform/foundation/idempotency-key';
import { CALLER_TOKEN_HEADER } from '../headers/index.js';

/** Headers that decide what a subgraph does: a signature covers those that a request has. */
export const SIGNED_HEADERS = [CALLER_TOKEN_HEADER, IDEMPOTENCY_KEY_HEADER, OPERATION_HASH_HEADER] as const;

/** A part of a message that a signature covers: a header by its lower-case name, or `@method`, `@path`. */
export type Component = readonly [name: string, value: string];

/** What is signed (RFC 9421, section 2.5). @param parameters the covered names and the signature's parameters, as in Signature-Input. */
export const signatureBase = (components: readonly Component[], parameters: string): string =>
  [...components.map(([name, value]) => `"${name}": ${value}`), `"@signature-params": ${parameters}`].join('\n');

/** What stands for a body in a signature (RFC 9530). */
export const contentDigest = (body: string): string =>
  `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
