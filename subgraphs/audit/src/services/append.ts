import {
  AuditEntry,
  type AuditRecord,
  ENTRY_RECORDED,
  type LogPosition,
  subjectsOf,
  withSealedParts,
} from '../entities/index.js';
import type { Queries } from './stored-tree.js';
import { keysToSealWith } from './subject-keys.js';

/**
 * Adds entries to the log in their order, the only way there is, and tells their ids on the channel when they commit.
 * Whoever else appends waits until the transaction has ended, so do it last.
 */
export async function append(tx: Queries, records: readonly AuditRecord[]): Promise<AuditEntry[]> {
  if (records.length === 0) return [];
  const [position]: [LogPosition] = await tx.query('SELECT sequence, recorded_at AS "recordedAt" FROM next_position()');
  const subjects = records.flatMap((record) => Object.values(subjectsOf(record))).filter((subject) => subject !== null);
  const keys = await keysToSealWith(tx, new Set(subjects));
  const entries = records.map((record, index) => {
    const sequence = String(BigInt(position.sequence) + BigInt(index));
    return AuditEntry.at({ ...position, sequence }, withSealedParts(record, keys));
  });
  await tx.query(INSERT, [...columnsOf(entries), ENTRY_RECORDED, announcements(entries)]);
  return entries;
}

/** The columns' names, their types, and what they hold. */
const COLUMNS: readonly (readonly [string, string, (entry: AuditEntry) => unknown])[] = [
  ['id', 'uuid', ({ id }) => id],
  ['sequence', 'bigint', ({ sequence }) => sequence],
  ['actor_id', 'text', ({ actorId }) => actorId],
  ['action', 'text', ({ action }) => action],
  ['resource', 'text', ({ resource }) => resource],
  ['resource_id', 'text', ({ resourceId }) => resourceId],
  ['outcome', 'text', ({ outcome }) => outcome],
  ['ip_address', 'text', ({ ipAddress }) => ipAddress],
  ['user_agent', 'text', ({ userAgent }) => userAgent],
  ['request_id', 'text', ({ requestId }) => requestId],
  ['trace_id', 'text', ({ traceId }) => traceId],
  ['tenant_id', 'uuid', ({ tenantId }) => tenantId],
  ['metadata', 'jsonb', ({ metadata }) => JSON.stringify(metadata)],
  ['sealed', 'jsonb', ({ sealed }) => (sealed === null ? null : JSON.stringify(sealed))],
  ['occurred_at', 'timestamptz', ({ occurredAt }) => occurredAt.toISOString()],
  ['recorded_at', 'timestamptz', ({ recordedAt }) => recordedAt.toISOString()],
  ['leaf_hash', 'text', ({ leafHash }) => leafHash],
];

const columnsOf = (entries: readonly AuditEntry[]): unknown[][] => COLUMNS.map(([, , read]) => entries.map(read));

const NAMES = COLUMNS.map(([name]) => name).join(', ');
const VALUES = COLUMNS.map(([, type], index) => `$${index + 1}::${type}[]`).join(', ');

/** One statement for any number of entries: the triggers look at all of them together. */
const INSERT = `
  WITH added AS (INSERT INTO audit_entry (${NAMES}) SELECT * FROM unnest(${VALUES}))
  SELECT pg_notify($${COLUMNS.length + 1}, ids) FROM unnest($${COLUMNS.length + 2}::text[]) AS ids`;

/** PostgreSQL takes at most 8000 bytes in one. */
const IDS_AT_ONCE = 200;

function announcements(entries: readonly AuditEntry[]): string[] {
  const ids = entries.map(({ id }) => id);
  return Array.from({ length: Math.ceil(ids.length / IDS_AT_ONCE) }, (_, place) =>
    ids.slice(place * IDS_AT_ONCE, (place + 1) * IDS_AT_ONCE).join(','),
  );
}
