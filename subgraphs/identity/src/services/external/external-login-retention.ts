import type { ErrorBus } from '@platform/foundation/errors';
import type { Database } from '@platform/postgres/database';
import { RetentionSweep, SWEPT_AT_ONCE } from '@platform/postgres/retention';

const MINUTE = 60_000;

const OLD = `DELETE FROM external_logins WHERE ctid = ANY (ARRAY(
  SELECT ctid FROM external_logins WHERE expires_at < now() - $1 * interval '1 millisecond' ORDER BY expires_at
  LIMIT ${SWEPT_AT_ONCE} FOR UPDATE SKIP LOCKED))`;

/** Forgets sign-ins at providers that nobody can finish any more, and with them what the providers said. */
export const externalLoginRetention = (database: Database, errors: ErrorBus): RetentionSweep =>
  new RetentionSweep({
    name: 'external-login-retention',
    database,
    rules: [{ statement: OLD, age: MINUTE }],
    interval: 5 * MINUTE,
    errors,
  });
