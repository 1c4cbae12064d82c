import type { EntityManager } from 'typeorm';
import type { CloudEvent } from './cloud-event.js';

/**
 * Notes in the schema's inbox that the handler has the events, and answers those that it did not have before.
 * Where another process is at work on one, this waits for its commit.
 */
export async function received(
  tx: EntityManager,
  handler: string,
  events: readonly CloudEvent[],
): Promise<readonly CloudEvent[]> {
  const byId = new Map(events.map((event) => [event.id, event]));
  // Null when it had none of them before, which need not be told one by one.
  const [{ some }]: [{ some: string[] | null }] = await tx.query(
    `WITH noted AS (
       INSERT INTO inbox (event_id, handler) SELECT id, $2 FROM unnest($1::uuid[]) AS id ORDER BY id
       ON CONFLICT DO NOTHING RETURNING event_id
     ) SELECT CASE WHEN count(*) < cardinality($1::uuid[]) THEN coalesce(array_agg(event_id), '{}') END AS some FROM noted`,
    [[...byId.keys()], handler],
  );
  if (some === null) return [...byId.values()];
  const fresh = new Set(some);
  return [...byId.values()].filter(({ id }) => fresh.has(id));
}
