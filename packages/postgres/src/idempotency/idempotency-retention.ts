import type { ErrorBus } from '@platform/foundation/errors';
import type { EntityManager } from 'typeorm';
import { RetentionSweep, SWEPT_AT_ONCE } from '../retention/index.js';

const MINUTE = 60 * 1_000;

const OLD = `DELETE FROM idempotency_keys WHERE ctid = ANY (ARRAY(
  SELECT ctid FROM idempotency_keys WHERE created_at < now() - $1 * interval '1 millisecond' ORDER BY created_at
  LIMIT ${SWEPT_AT_ONCE} FOR UPDATE SKIP LOCKED))`;

/** Deletes the expired keys of a schema, once a minute. @param retention how long a key counts, in ms. */
export const idempotencyRetention = (
  schema: string,
  database: { readonly read: EntityManager },
  retention: number,
  errors: ErrorBus,
): RetentionSweep =>
  new RetentionSweep({
    name: `idempotency-retention:${schema}`,
    database,
    rules: [{ statement: OLD, age: retention }],
    interval: MINUTE,
    errors,
  });
