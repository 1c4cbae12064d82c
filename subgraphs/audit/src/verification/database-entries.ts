import type pg from 'pg';
import type { LogEntry } from './log-entry.js';

const BATCH = 5_000;

/** Text casts: what PostgreSQL writes is taken as it is, a million times. */
const COLUMNS = `id::text, sequence::text, actor_id, action, resource, resource_id, outcome, ip_address, user_agent, request_id,
  trace_id, tenant_id::text, metadata::text, sealed::text, occurred_at::text, recorded_at::text, leaf_hash,
  service_account_id::text`;

/** Entries of the log in the order of their sequence, some thousand at a time, through a cursor: memory does not grow with the log. Needs a transaction. */
export async function* entriesIn(
  client: pg.Client,
  { where = 'true', parameters = [] }: { where?: string; parameters?: readonly unknown[] } = {},
): AsyncGenerator<LogEntry[]> {
  await client.query(`SET LOCAL TimeZone = 'UTC'`);
  await client.query(
    `DECLARE entries NO SCROLL CURSOR FOR SELECT ${COLUMNS} FROM audit_entry AS entry WHERE ${where} ORDER BY entry.sequence`,
    [...parameters],
  );
  const fetch = (): Promise<Row[]> =>
    client.query<Row>({ text: `FETCH ${BATCH} FROM entries`, rowMode: 'array' }).then(({ rows }) => rows);
  try {
    let coming = fetch();
    for (;;) {
      const rows = await coming;
      if (rows.length === 0) return;
      coming = fetch();
      coming.catch(() => {});
      yield rows.map(entryOf);
    }
  } finally {
    await client.query('CLOSE entries');
  }
}

type Row = [
  id: string,
  sequence: string,
  actorId: string | null,
  action: string,
  resource: string,
  resourceId: string | null,
  outcome: LogEntry['outcome'],
  ipAddress: string | null,
  userAgent: string | null,
  requestId: string | null,
  traceId: string | null,
  tenantId: string,
  metadata: string | null,
  sealed: string | null,
  occurredAt: string,
  recordedAt: string,
  leafHash: string,
  serviceAccountId: string | null,
];

const entryOf = (row: Row): LogEntry => ({
  id: row[0],
  sequence: row[1],
  actorId: row[2],
  action: row[3],
  resource: row[4],
  resourceId: row[5],
  outcome: row[6],
  ipAddress: row[7],
  userAgent: row[8],
  requestId: row[9],
  traceId: row[10],
  tenantId: row[11],
  metadata: row[12] === null ? null : JSON.parse(row[12]),
  sealed: row[13] === null ? null : JSON.parse(row[13]),
  occurredAt: rfc3339(row[14]),
  recordedAt: rfc3339(row[15]),
  leafHash: row[16],
  serviceAccountId: row[17],
});

/** `2026-01-31 12:00:00.5+00` → `2026-01-31T12:00:00.500Z`. */
const rfc3339 = (text: string): string =>
  text[4] === '-' && !text.endsWith(BEFORE_CHRIST)
    ? `${text.slice(0, 10)}T${text.slice(11, 19)}.${text.slice(20, -3).padEnd(3, '0')}Z`
    : outsideOfRfc3339(text);

const BEFORE_CHRIST = ' BC';

/** Years that are not refused by logs of earlier versions, as ECMAScript writes them: `0001-06-01 00:00:00+00 BC` → `0000-06-01T00:00:00.000Z`. What is no time stays as it is. */
function outsideOfRfc3339(text: string): string {
  const [, year = '', rest = '', fraction = ''] =
    /^(\d+)(-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.(\d+))?\+00(?: BC)?$/.exec(text) ?? [];
  if (year === '') return text;
  const number = text.endsWith(BEFORE_CHRIST) ? 1 - Number(year) : Number(year);
  const digits = String(Math.abs(number));
  const written =
    number >= 0 && number <= 9_999 ? digits.padStart(4, '0') : `${number < 0 ? '-' : '+'}${digits.padStart(6, '0')}`;
  return `${written}${rest.replace(' ', 'T')}.${fraction.padEnd(3, '0')}Z`;
}
