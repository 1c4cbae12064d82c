import type { ErrorBus } from '@platform/foundation/errors';
import type { Database } from '@platform/postgres/database';
import { RetentionSweep, SWEPT_AT_ONCE } from '@platform/postgres/retention';

const INTERVAL = 5 * 60_000;

const OLD = `DELETE FROM challenges WHERE ctid = ANY (ARRAY(
  SELECT ctid FROM challenges WHERE expires_at < now() - $1 * interval '1 millisecond' ORDER BY expires_at
  LIMIT ${SWEPT_AT_ONCE} FOR UPDATE SKIP LOCKED))`;

/** Forgets challenges that nobody can answer any more. */
export const challengeRetention = (database: Database, errors: ErrorBus): RetentionSweep =>
  new RetentionSweep({
    name: 'challenge-retention',
    database,
    rules: [{ statement: OLD, age: 0 }],
    interval: INTERVAL,
    errors,
  });
