import { type CloudEvent, identityOf } from '@platform/events';
import type { EntityManager } from 'typeorm';

/**
 * Records in the schema's inbox that the handler has the events, and returns those that it did not have before.
 * Where another process is at work on one, this waits for its commit.
 */
export async function recordInInbox(
  tx: EntityManager,
  handler: string,
  events: readonly CloudEvent[],
): Promise<readonly CloudEvent[]> {
  const byIdentity = new Map(events.map((event) => [identityOf(event), event]));
  const distinct = [...byIdentity.values()];
  // Null when it had none of them before, which need not be told one by one. Old notes name no source.
  const [{ some }]: [{ some: string[] | null }] = await tx.query(
    `WITH noted AS (
       INSERT INTO inbox (event_id, source, handler)
       SELECT id, source, $3 FROM unnest($1::uuid[], $2::text[]) AS event (id, source)
        WHERE NOT EXISTS (SELECT FROM inbox AS old WHERE old.event_id = id AND old.handler = $3 AND old.source = '')
        ORDER BY id, source
       ON CONFLICT DO NOTHING RETURNING source || ' ' || event_id AS identity
     ) SELECT CASE WHEN count(*) < cardinality($1::uuid[]) THEN coalesce(array_agg(identity), '{}') END AS some FROM noted`,
    [distinct.map(({ id }) => id), distinct.map(({ source }) => source), handler],
  );
  if (some === null) return distinct;
  const fresh = new Set(some);
  return distinct.filter((event) => fresh.has(identityOf(event)));
}
