import type { EntityManager } from 'typeorm';
import type { CloudEvent } from './cloud-event.js';

/** An event in the outbox. */
export interface WaitingEvent {
  readonly position: string;
  readonly envelope: CloudEvent;
  /** For how long, in seconds. */
  readonly age: number;
  /** No transaction that could still commit an earlier event is open. */
  readonly settled: boolean;
}

/** The oldest events that wait in the schema's outbox, in the order of their positions. */
export const waitingEvents = (tx: EntityManager, limit: number): Promise<WaitingEvent[]> =>
  tx.query(
    `SELECT position, envelope, extract(epoch FROM clock_timestamp() - created_at)::float AS age,
            written_by < pg_snapshot_xmin(pg_current_snapshot()) AS settled
     FROM outbox WHERE published_at IS NULL ORDER BY position LIMIT $1`,
    [limit],
  );

/** Those at the front that nothing can come before any more. A later one that is settled waits for one before it that is not: they may be of one aggregate. */
export function settledFront(waiting: readonly WaitingEvent[]): readonly WaitingEvent[] {
  const unsettled = waiting.findIndex(({ settled }) => !settled);
  return unsettled < 0 ? waiting : waiting.slice(0, unsettled);
}

/** How many events wait in the outbox, and how long the oldest has, in seconds. */
export async function outboxLag(read: EntityManager): Promise<{ count: number; age: number }> {
  const [lag] = await read.query(
    `SELECT count(*)::int AS count, coalesce(extract(epoch FROM now() - min(created_at)), 0)::float AS age
     FROM outbox WHERE published_at IS NULL`,
  );
  return lag;
}
