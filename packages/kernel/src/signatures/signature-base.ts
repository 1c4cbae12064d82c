import { createHash } from 'node:crypto';

/** A part of a message that a signature covers: a header by its lower-case name, or `@method`, `@path`. */
export type Component = readonly [name: string, value: string];

/** What is signed (RFC 9421, section 2.5). @param parameters the covered names and the signature's parameters, as in Signature-Input. */
export const signatureBase = (components: readonly Component[], parameters: string): string =>
  [...components.map(([name, value]) => `"${name}": ${value}`), `"@signature-params": ${parameters}`].join('\n');

/** What stands for a body in a signature (RFC 9530). */
export const contentDigest = (body: string): string =>
  `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
