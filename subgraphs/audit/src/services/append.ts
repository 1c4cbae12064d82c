import { type CopiedColumn, copyIn } from '@platform/postgres/database';
import {
  AuditEntry,
  type AuditRecord,
  ENTRY_RECORDED,
  type LogPosition,
  sealedPersonalData,
  storableRecord,
  subjectsOf,
  UnsequencedEntry,
} from '../entities/index.js';
import { mapYielding } from './map-yielding.js';
import type { Queries } from './queries.js';
import { SubjectKeys } from './subject-keys.js';

/**
 * Adds entries to the log in their order, the only way there is, and tells their ids on the channel when they commit.
 * From the moment that it has a position until the transaction ends, whoever else appends waits: so do it last in a transaction,
 * and once. All that takes time is done before. @throws UnrecordableEntry
 */
export async function append(
  tx: Queries,
  records: readonly AuditRecord[],
  subjectKeys = new SubjectKeys(),
): Promise<AppendResult> {
  if (records.length === 0) return () => undefined;
  const storable = records.map(storableRecord);
  const subjects = storable
    .flatMap((record) => Object.values(subjectsOf(record)))
    .filter((subject) => subject !== null);
  const keys = await subjectKeys.toSealWith(tx, new Set(subjects));
  const entries = await mapYielding(
    storable,
    PER_TURN,
    (record) => new UnsequencedEntry(record, sealedPersonalData(record, keys)),
  );
  const [{ sequence, recordedAt }]: [LogPosition] = await tx.query(POSITION, [ENTRY_RECORDED, announcements(entries)]);
  const [first, time] = [BigInt(sequence), recordedAt.toISOString()];
  const rows = entries.map((entry, index): Placed => {
    const sequence = first + BigInt(index);
    return { entry, sequence, recordedAt, leafHash: entry.hashAt(time, String(sequence)) };
  });
  await copyIn(tx, partitionOf(time), COLUMNS, rows);
  return (index) => {
    const row = rows[index];
    if (!row) return undefined;
    const { entry, sequence, leafHash } = row;
    return Object.assign(new AuditEntry(), entry.stored, { sequence: String(sequence), recordedAt, leafHash });
  };
}

/** The entries that were added, by their index in what was recorded. */
export type AppendResult = (index: number) => AuditEntry | undefined;

/** Entries that are sealed before whoever holds the log may go on. */
const PER_TURN = 10;

/** An entry, and where it goes. */
interface Placed {
  readonly entry: UnsequencedEntry;
  readonly sequence: bigint;
  readonly recordedAt: Date;
  readonly leafHash: string;
}

/** Takes the log, and tells the ids of what is about to be added; they are heard when it has committed. */
const POSITION = `
  SELECT sequence, recorded_at AS "recordedAt", (SELECT count(pg_notify($1, ids)::text) FROM unnest($2::text[]) AS ids)
    FROM next_position()`;

/** The table of the month, which takes rows for less than the whole log does; it is guarded alike. */
const partitionOf = (recordedAt: string): string => `audit_entry_${recordedAt.slice(0, 7).replace('-', '_')}`;

const COLUMNS: readonly CopiedColumn<Placed>[] = [
  ['id', 'uuid', ({ entry }) => entry.stored.id],
  ['sequence', 'bigint', ({ sequence }) => sequence],
  ['actor_id', 'text', ({ entry }) => entry.stored.actorId],
  ['service_account_id', 'uuid', ({ entry }) => entry.stored.serviceAccountId],
  ['action', 'text', ({ entry }) => entry.stored.action],
  ['resource', 'text', ({ entry }) => entry.stored.resource],
  ['resource_id', 'text', ({ entry }) => entry.stored.resourceId],
  ['outcome', 'text', ({ entry }) => entry.stored.outcome],
  ['ip_address', 'text', ({ entry }) => entry.stored.ipAddress],
  ['user_agent', 'text', ({ entry }) => entry.stored.userAgent],
  ['request_id', 'text', ({ entry }) => entry.stored.requestId],
  ['trace_id', 'text', ({ entry }) => entry.stored.traceId],
  ['tenant_id', 'uuid', ({ entry }) => entry.stored.tenantId],
  ['metadata', 'jsonb', ({ entry }) => entry.nested.metadata],
  ['sealed', 'jsonb', ({ entry }) => entry.nested.sealed],
  ['occurred_at', 'timestamptz', ({ entry }) => entry.stored.occurredAt],
  ['recorded_at', 'timestamptz', ({ recordedAt }) => recordedAt],
  ['leaf_hash', 'text', ({ leafHash }) => leafHash],
];

/** PostgreSQL takes at most 8000 bytes in one. */
const IDS_AT_ONCE = 200;

function announcements(entries: readonly UnsequencedEntry[]): string[] {
  const ids = entries.map(({ stored }) => stored.id);
  return Array.from({ length: Math.ceil(ids.length / IDS_AT_ONCE) }, (_, place) =>
    ids.slice(place * IDS_AT_ONCE, (place + 1) * IDS_AT_ONCE).join(','),
  );
}
