/** The header of a client's key (draft-ietf-httpapi-idempotency-key-header), and of the router's to a subgraph. */
export const IDEMPOTENCY_KEY_HEADER = 'idempotency-key';

/** Tells the operations of one key apart: SHA-256 of the client's document, its operation name and its variables, in hex. */
export const OPERATION_HASH_HEADER = 'x-operation-hash';

/** Long enough to be nobody else's by accident: a UUID has 36 characters. */
const KEY = /^[\x21\x23-\x5b\x5d-\x7e]{16,128}$/;
const HASH = /^[0-9a-f]{64}$/;

/** What a well-formed key looks like, for people. */
export const KEY_RULE = 'must have 16 to 128 visible ASCII characters, without quotes and backslashes, such as a UUID';

/** The key, which may stand in quotes as the draft has it; undefined for what is none. */
export function idempotencyKeyIn(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > 130) return undefined;
  const key = value.replace(/^"(.*)"$/, '$1');
  return KEY.test(key) ? key : undefined;
}

export const isOperationHash = (value: unknown): value is string => typeof value === 'string' && HASH.test(value);

/** How a subgraph's response says, in its extensions, that an earlier request had done some of it. */
export const REPLAYED = { idempotencyReplayed: true } as const;
