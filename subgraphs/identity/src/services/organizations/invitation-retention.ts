import type { ErrorBus } from '@platform/foundation/errors';
import type { Database } from '@platform/postgres/database';
import { RetentionSweep, SWEPT_AT_ONCE } from '@platform/postgres/retention';

const HOUR = 3_600_000;

const OLD = `DELETE FROM invitations WHERE ctid = ANY (ARRAY(
  SELECT ctid FROM invitations WHERE expires_at < now() - $1 * interval '1 millisecond' ORDER BY expires_at
  LIMIT ${SWEPT_AT_ONCE} FOR UPDATE SKIP LOCKED))`;

/** Forgets invitations, and with them the addresses that were invited. @param age since they could be accepted last, in ms. */
export const invitationRetention = (database: Database, age: number, errors: ErrorBus): RetentionSweep =>
  new RetentionSweep({
    name: 'invitation-retention',
    database,
    rules: [{ statement: OLD, age }],
    interval: HOUR,
    errors,
  });
