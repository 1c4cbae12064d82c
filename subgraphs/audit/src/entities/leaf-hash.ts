import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

const LEAF = Buffer.from([0]);

/**
 * The hash of a leaf in a Merkle tree after RFC 6962: SHA-256 of a zero byte and the leaf as canonical JSON (RFC 8785), in hex.
 * Points in time stand in the JSON as RFC 3339 in UTC with milliseconds (`2026-01-31T12:00:00.000Z`), and what is absent as null.
 */
export const leafHash = (leaf: object): string =>
  createHash('sha256')
    .update(LEAF)
    .update(canonicalize(leaf) as string)
    .digest('hex');
