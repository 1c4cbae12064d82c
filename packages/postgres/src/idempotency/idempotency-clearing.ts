import type { ErrorBus } from '@platform/foundation/errors';
import type { EntityManager } from 'typeorm';
import { CLEARED_AT_ONCE, Clearing } from '../clearing/index.js';

const MINUTE = 60 * 1_000;

const OLD = `DELETE FROM idempotency_keys WHERE ctid = ANY (ARRAY(
  SELECT ctid FROM idempotency_keys WHERE created_at < now() - $1 * interval '1 millisecond' ORDER BY created_at
  LIMIT ${CLEARED_AT_ONCE} FOR UPDATE SKIP LOCKED))`;

/** Takes keys out of a schema whose time is over, once a minute. @param retention how long a key counts, in ms. */
export const idempotencyClearing = (
  schema: string,
  database: { readonly read: EntityManager },
  retention: number,
  errors: ErrorBus,
): Clearing =>
  new Clearing({
    name: `idempotency-clearing:${schema}`,
    database,
    clearances: [{ statement: OLD, age: retention }],
    interval: MINUTE,
    errors,
  });
