import type { ClientBase } from 'pg';

/**
 * Lets the events of a restored schema go on. Numbers of transactions mean nothing on another server: a relay would wait for those of the old one.
 * What had been sent is sent again, since consumers may have been behind when the backup was made; what they had handled is in their inboxes,
 * and the notes are as good as new, so that they are not cleared before the events arrive.
 */
export async function resumeEvents(client: ClientBase, schema: string): Promise<void> {
  await client.query(`UPDATE ${schema}.outbox SET written_by = pg_current_xact_id(), published_at = NULL`);
  await client.query(`UPDATE ${schema}.inbox SET received_at = now()`);
}
