import type { CloudEvent } from '@platform/events';
import { withSavepoint } from '@platform/postgres/database';
import type { EntityManager } from 'typeorm';

/** How far the relay may look into an outbox. */
export interface OutboxWatermark {
  /** The last position that was there before the writers were looked at; null when nothing waits. */
  readonly until: string | null;
  /** Age, in transactions, of the oldest one that has written to this outbox and is open; null when there is none. */
  readonly oldestWriter: number | null;
}

/** An event in the outbox. */
export interface PendingEvent {
  readonly position: string;
  readonly envelope: CloudEvent;
  /** For how long, in seconds. */
  readonly age: number;
  /** No transaction that could still commit an earlier event is open. */
  readonly settled: boolean;
}

/** The next event, as far as it can be known without reading it. */
export interface FirstPending {
  readonly position: string;
  readonly settled: boolean;
}

/**
 * Takes the advisory lock of a relay for the transaction, where it is free. Then finds where the outbox ends, and who writes to it: whoever has
 * inserted a row holds the table's lock until it ends, so an open transaction of anybody else does not matter. Both are to be known
 * before the rows are read, in a statement of their own: what a writer committed in between is among the rows then.
 */
export async function acquireRelayLock(
  tx: EntityManager,
  relay: string,
  relayLockTimeout: number,
): Promise<{ readonly held: boolean } & OutboxWatermark> {
  const [lock] = await tx.query(
    `WITH relay AS (
       SELECT pg_try_advisory_xact_lock(hashtext($1)) AS held,
              set_config('idle_in_transaction_session_timeout', $2, true)
     ), locks AS MATERIALIZED (
       SELECT locktype, mode, relation, virtualtransaction, transactionid FROM pg_locks
       WHERE granted AND (locktype = 'transactionid' OR (locktype = 'relation' AND relation = 'outbox'::regclass
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())))
     )
     SELECT relay.held, (SELECT max(position) FROM outbox WHERE published_at IS NULL) AS until,
            (SELECT max(age(xact.transactionid)) FROM locks writer JOIN locks xact USING (virtualtransaction)
             WHERE writer.mode = 'RowExclusiveLock' AND writer.locktype = 'relation' AND xact.locktype = 'transactionid'
               AND xact.mode = 'ExclusiveLock') AS "oldestWriter"
     FROM relay`,
    [relay, String(relayLockTimeout)],
  );
  return lock;
}

/** The oldest pending events, in the order of their positions. */
export const pendingEvents = (
  tx: EntityManager,
  { until, oldestWriter }: OutboxWatermark,
  limit: number,
): Promise<PendingEvent[]> =>
  tx.query(
    `SELECT position, envelope, extract(epoch FROM clock_timestamp() - created_at)::float AS age,
            age(written_by::xid) > coalesce($2::int, -1) AS settled
     FROM outbox WHERE published_at IS NULL AND position <= $1 ORDER BY position LIMIT $3`,
    [until, oldestWriter, limit],
  );

/** The oldest event alone, without its envelope. */
export async function firstPending(
  tx: EntityManager,
  { until, oldestWriter }: OutboxWatermark,
): Promise<FirstPending | undefined> {
  const [first] = await tx.query(
    `SELECT position, age(written_by::xid) > coalesce($2::int, -1) AS settled
     FROM outbox WHERE published_at IS NULL AND position <= $1 ORDER BY position LIMIT 1`,
    [until, oldestWriter],
  );
  return first;
}

/** The envelope of an event. @throws where the row is damaged; the transaction goes on */
export async function envelopeAt(tx: EntityManager, position: string): Promise<CloudEvent> {
  const [{ envelope }] = await withSavepoint(tx, () =>
    tx.query('SELECT envelope FROM outbox WHERE position = $1', [position]),
  );
  return envelope;
}

/** Those at the front that nothing can come before any more. A later one that is settled waits for one before it that is not: they may be of one aggregate. */
export function publishablePrefix(waiting: readonly PendingEvent[]): readonly PendingEvent[] {
  const unsettled = waiting.findIndex(({ settled }) => !settled);
  return unsettled < 0 ? waiting : waiting.slice(0, unsettled);
}

/** Notes that the events have left. */
export async function markPublished(
  tx: EntityManager,
  events: readonly Pick<PendingEvent, 'position'>[],
): Promise<void> {
  await tx.query('UPDATE outbox SET published_at = now() WHERE position = ANY($1)', [
    events.map(({ position }) => position),
  ]);
}

/** Whether an event is pending; cheap enough to be asked often. */
export async function hasPending(read: EntityManager): Promise<boolean> {
  const [{ waits }] = await read.query('SELECT EXISTS (SELECT FROM outbox WHERE published_at IS NULL) AS waits');
  return waits;
}

/** How many events wait in the outbox, and how long the oldest has, in seconds. */
export async function outboxLag(read: EntityManager): Promise<{ count: number; age: number }> {
  const [lag] = await read.query(
    `SELECT count(*)::int AS count, coalesce(extract(epoch FROM now() - min(created_at)), 0)::float AS age
     FROM outbox WHERE published_at IS NULL`,
  );
  return lag;
}
