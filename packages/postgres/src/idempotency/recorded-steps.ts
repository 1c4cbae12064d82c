import type { EntityManager } from 'typeorm';
import { IdempotencyKeyInUse, IdempotencyKeyReused } from './errors.js';
import type { IdempotentRequest } from './idempotent-request.js';
import { decodeResult, encodeResult } from './result-codec.js';

/** Keys that one caller can have in a schema: beyond them the oldest go. */
export const MAX_KEYS_PER_CALLER = 10_000;

/** The row is this transaction's, unless another one has it or had it. Who is too late to have it need not wait to hear so. */
const CLAIM = `
  WITH turn AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(hashtextextended(encode($1::bytea || $2::bytea, 'hex'), 0)) AS taken),
  evicted AS (DELETE FROM idempotency_keys WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM idempotency_keys WHERE owner = $3::bytea ORDER BY created_at DESC OFFSET ${MAX_KEYS_PER_CALLER} LIMIT 2
    FOR UPDATE SKIP LOCKED)))
  INSERT INTO idempotency_keys (key, step, owner, operation) SELECT $1::bytea, $2::bytea, $3::bytea, $4::bytea FROM turn
   WHERE taken AND NOT EXISTS (SELECT FROM idempotency_keys WHERE key = $1::bytea AND operation <> $4::bytea)
  ON CONFLICT DO NOTHING RETURNING true AS claimed`;
const FIND = `SELECT operation = $3 AS same, step = $2 AS here, result, settled FROM idempotency_keys
  WHERE key = $1 ORDER BY operation <> $3 DESC, step = $2 DESC LIMIT 1`;
const RECORD = 'UPDATE idempotency_keys SET result = $3, settled = $4 WHERE key = $1 AND step = $2';
const SETTLE = 'UPDATE idempotency_keys SET settled = true WHERE key = $1 AND step = $2';

interface Found {
  readonly same: boolean;
  readonly here: boolean;
  readonly result: never;
  readonly settled: boolean;
}

/** What an earlier request with the key has committed. */
export interface RecordedResult {
  readonly result: unknown;
  /** Whether what follows the commit is known to have happened. */
  readonly settled: boolean;
}

/** Makes the step this transaction's; answers what another one has committed. @throws IdempotencyKeyReused, IdempotencyKeyInUse, IdempotentResultGone */
export async function claimStep(
  tx: EntityManager,
  { key, owner, operation }: IdempotentRequest,
  step: Buffer,
): Promise<RecordedResult | undefined> {
  const [claimed] = await tx.query(CLAIM, [key, step, owner, operation]);
  if (claimed) return undefined;
  const [found]: Found[] = await tx.query(FIND, [key, step, operation]);
  if (found && !found.same) throw new IdempotencyKeyReused();
  if (!found?.here) throw new IdempotencyKeyInUse();
  return { result: await decodeResult(tx, found.result), settled: found.settled };
}

/** Commits the result with the change. */
export async function recordStep(
  tx: EntityManager,
  { key }: IdempotentRequest,
  step: Buffer,
  { result, settled }: RecordedResult,
): Promise<void> {
  await tx.query(RECORD, [key, step, JSON.stringify(encodeResult(tx, result)), settled]);
}

/** What follows the commit has happened. */
export async function settleStep(manager: EntityManager, { key }: IdempotentRequest, step: Buffer): Promise<void> {
  await manager.query(SETTLE, [key, step]);
}
