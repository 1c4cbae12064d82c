import type { EventsConfig, KafkaConfig } from '@platform/foundation/config';
import type { ErrorBus } from '@platform/foundation/errors';
import type { Database } from '@platform/postgres/database';
import { RetentionSweep, SWEPT_AT_ONCE } from '@platform/postgres/retention';

const HOUR = 60 * 60 * 1_000;
/** Kafka keeps a message for up to twice its retention, as it deletes whole segments. */
const LONGER = 3;

const OLD_OUTBOX = `DELETE FROM outbox WHERE position = ANY (ARRAY(
  SELECT position FROM outbox WHERE published_at < now() - $1 * interval '1 millisecond' ORDER BY published_at LIMIT ${SWEPT_AT_ONCE}
  FOR UPDATE SKIP LOCKED))`;
const OLD_INBOX = `DELETE FROM inbox WHERE ctid = ANY (ARRAY(
  SELECT ctid FROM inbox WHERE received_at < now() - $1 * interval '1 millisecond' LIMIT ${SWEPT_AT_ONCE} FOR UPDATE SKIP LOCKED))`;

const OLD_DEAD_LETTERS = `DELETE FROM dead_letter WHERE ctid = ANY (ARRAY(
  SELECT ctid FROM dead_letter WHERE failed_at < now() - $1 * interval '1 millisecond' LIMIT ${SWEPT_AT_ONCE} FOR UPDATE SKIP LOCKED))`;

interface Retentions {
  readonly events: Pick<EventsConfig, 'retention' | 'deadLetterRetention'>;
  readonly kafka: Pick<KafkaConfig, 'retention'>;
}

/**
 * Deletes from a schema, once an hour, what was given up `events.deadLetterRetention` ago, what was sent `events.retention` ago, and the notes of what was handled
 * so long ago that nothing can deliver it again.
 */
export const eventRetention = (
  schema: string,
  database: Database,
  { events, kafka }: Retentions,
  errors: ErrorBus,
): RetentionSweep =>
  new RetentionSweep({
    name: `event-retention:${schema}`,
    database,
    rules: [
      { statement: OLD_OUTBOX, age: events.retention },
      { statement: OLD_DEAD_LETTERS, age: events.deadLetterRetention },
      { statement: OLD_INBOX, age: LONGER * Math.max(events.retention, kafka.retention) },
    ],
    interval: HOUR,
    errors,
  });
