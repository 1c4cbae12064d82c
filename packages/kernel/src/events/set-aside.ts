import type { EntityManager } from 'typeorm';

/** Puts an event of an outbox that nobody can be sent among the dead letters, with the reason. */
export async function setAside(tx: EntityManager, schema: string, position: string, reason: string): Promise<void> {
  await tx.query(
    `INSERT INTO dead_letter (event_id, source, handler, envelope, reason)
     SELECT event_id, $3, 'outbox-relay', envelope, $2 FROM outbox WHERE position = $1 ON CONFLICT DO NOTHING`,
    [position, reason, `/${schema}`],
  );
}

/** Replaces an envelope that cannot be read any more by what the other columns know of its event. */
export async function replaceUnreadable(tx: EntityManager, schema: string, position: string): Promise<void> {
  await tx.query(
    `UPDATE outbox SET envelope = jsonb_build_object('id', event_id, 'source', $2::text, 'type', type, 'subject', subject)
      WHERE position = $1`,
    [position, `/${schema}`],
  );
}
