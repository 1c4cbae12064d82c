import type { EntityManager } from 'typeorm';
import { AuditEntry, type AuditRecord, ENTRY_RECORDED, type LogPosition } from '../entities/index.js';

/** Adds an entry to the log, the only way there is, and tells its id on the channel when it commits. Later entries wait until the transaction has ended, so do it last. */
export async function append(tx: EntityManager, record: AuditRecord): Promise<AuditEntry> {
  const [position]: [LogPosition] = await tx.query('SELECT sequence, recorded_at AS "recordedAt" FROM next_position()');
  const entry = AuditEntry.at(position, record);
  await tx.insert(AuditEntry, entry);
  await tx.query('SELECT pg_notify($1, $2)', [ENTRY_RECORDED, entry.id]);
  return entry;
}
