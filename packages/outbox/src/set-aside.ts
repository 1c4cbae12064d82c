import { attempted } from '@platform/postgres/database';
import type { EntityManager } from 'typeorm';

/** Puts an event of an outbox that nobody can be sent among the dead letters, with the reason. */
export async function setAside(tx: EntityManager, schema: string, position: string, reason: string): Promise<void> {
  await tx.query(
    `INSERT INTO dead_letter (event_id, source, handler, envelope, reason)
     SELECT event_id, $3, 'outbox-relay', envelope, $2 FROM outbox WHERE position = $1 ON CONFLICT DO NOTHING`,
    [position, reason, `/${schema}`],
  );
}

/** What the other columns know of an event. */
const KNOWN = `jsonb_build_object('id', event_id, 'source', $2::text, 'type', type, 'subject', subject)`;

/**
 * Puts an event whose envelope cannot be read any more among the dead letters, with the reason. What is known of it takes the envelope's place, unless the
 * row is too damaged even for that.
 */
export async function setUnreadableAside(
  tx: EntityManager,
  schema: string,
  position: string,
  reason: string,
): Promise<void> {
  await tx.query(
    `INSERT INTO dead_letter (event_id, source, handler, envelope, reason)
     SELECT event_id, $2, 'outbox-relay', ${KNOWN}, $3 FROM outbox WHERE position = $1 ON CONFLICT DO NOTHING`,
    [position, `/${schema}`, reason],
  );
  await attempted(tx, () =>
    tx.query(`UPDATE outbox SET envelope = ${KNOWN} WHERE position = $1`, [position, `/${schema}`]),
  ).catch(() => {});
}
