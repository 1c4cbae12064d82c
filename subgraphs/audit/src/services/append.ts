import { textArray } from '@platform/kernel/database';
import {
  AuditEntry,
  type AuditRecord,
  ENTRY_RECORDED,
  type LogPosition,
  type Stored,
  sealedPersonalData,
  subjectsOf,
  UnplacedEntry,
} from '../entities/index.js';
import { mapInTurns } from './map-in-turns.js';
import type { Queries } from './queries.js';
import { SubjectKeys } from './subject-keys.js';

/**
 * Adds entries to the log in their order, the only way there is, and tells their ids on the channel when they commit.
 * From the moment that it has a position until the transaction ends, whoever else appends waits: so do it last in a transaction,
 * and once. All that takes time is done before.
 */
export async function append(
  tx: Queries,
  records: readonly AuditRecord[],
  subjectKeys = new SubjectKeys(),
): Promise<Appended> {
  if (records.length === 0) return () => undefined;
  const subjects = records.flatMap((record) => Object.values(subjectsOf(record))).filter((subject) => subject !== null);
  const keys = await subjectKeys.toSealWith(tx, new Set(subjects));
  const entries = await mapInTurns(records, PER_TURN, (record) =>
    UnplacedEntry.of(record, sealedPersonalData(record, keys)),
  );
  const columns = COLUMNS.map(([, , read]) => textArray(entries.map(({ stored }) => read(stored))));
  const announced = textArray(announcements(entries));

  const [{ sequence, recordedAt }]: [LogPosition] = await tx.query(POSITION);
  const [first, time] = [BigInt(sequence), recordedAt.toISOString()];
  const sequenceOf = (index: number): string => String(first + BigInt(index));
  const hashes = entries.map((entry, index) => entry.hashAt(time, sequenceOf(index)));
  await tx.query(INSERT, [...columns, textArray(hashes), sequence, time, ENTRY_RECORDED, announced]);
  return (index) => {
    const position = { sequence: sequenceOf(index), recordedAt, leafHash: hashes[index] };
    return entries[index] && Object.assign(new AuditEntry(), entries[index].stored, position);
  };
}

/** The entries that were added, by their index in what was recorded. */
export type Appended = (index: number) => AuditEntry | undefined;

/** Entries that are sealed before whoever holds the log may go on. */
const PER_TURN = 50;

const POSITION = 'SELECT sequence, recorded_at AS "recordedAt" FROM next_position()';

/** The columns' names, their types, and what they hold. */
const COLUMNS: readonly (readonly [string, string, (entry: Stored) => string | null])[] = [
  ['id', 'uuid', ({ id }) => id],
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
];

const NAMES = COLUMNS.map(([name]) => name).join(', ');
const VALUES = COLUMNS.map(([name, type]) => (type === 'text' ? name : `${name}::${type}`)).join(', ');
const ARRAYS = Array.from({ length: COLUMNS.length + 1 }, (_, index) => `$${index + 1}::text[]`).join(', ');
const AFTER = COLUMNS.length + 2;

/** One statement for any number of entries: the triggers look at all of them together. */
const INSERT = `
  WITH added AS (
    INSERT INTO audit_entry (${NAMES}, leaf_hash, sequence, recorded_at)
    SELECT ${VALUES}, leaf_hash, $${AFTER}::bigint + place - 1, $${AFTER + 1}::timestamptz
      FROM unnest(${ARRAYS}) WITH ORDINALITY AS entry (${NAMES}, leaf_hash, place)
  ) SELECT pg_notify($${AFTER + 2}, ids) FROM unnest($${AFTER + 3}::text[]) AS ids`;

/** PostgreSQL takes at most 8000 bytes in one. */
const IDS_AT_ONCE = 200;

function announcements(entries: readonly UnplacedEntry[]): string[] {
  const ids = entries.map(({ stored }) => stored.id);
  return Array.from({ length: Math.ceil(ids.length / IDS_AT_ONCE) }, (_, place) =>
    ids.slice(place * IDS_AT_ONCE, (place + 1) * IDS_AT_ONCE).join(','),
  );
}
