import type { SubgraphHarness } from '@platform/testkit';

/** Two years of months, of which the oldest begins here. */
const BEGIN = '2024-01-01T00:00:00Z';
const MONTHS = 24;
const DAYS = 731;

/** A day in the second month. */
export const OLD_DAY = { from: '2024-02-10T00:00:00Z', to: '2024-02-11T00:00:00Z' };

/** Who has done half of everything, and who has done something once in a while. */
export const BUSY_ACTOR = 'actor-0';
export const QUIET_ACTOR = 'actor-999';

/** Evenly over two years. One in a hundred was denied, one in a thousand failed, and three of an action are at the beginning. */
const ENTRIES = `
  INSERT INTO audit_entry (id, sequence, actor_id, action, resource, resource_id, outcome, request_id, metadata, occurred_at, recorded_at, leaf_hash)
  SELECT ('01900000-0004-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, n,
    'actor-' || CASE WHEN n % 2 = 0 THEN 0 ELSE n % 1000 END,
    CASE WHEN n IN (10, 20, 30) THEN 'shop.rare' ELSE 'blog.action-' || n % 20 END, 'post', 'post-' || n % 10000,
    CASE WHEN n % 100 = 10 THEN 'DENIED' WHEN n % 1000 = 7 THEN 'FAILED' ELSE 'SUCCESS' END,
    'request-' || n, '{}', at - interval '20 milliseconds', at, md5(n::text) || md5(n::text)
  FROM generate_series(0, $1 - 1) AS n,
    LATERAL (SELECT '${BEGIN}'::timestamptz + n * (interval '${DAYS} days' / $1) AS at) AS made`;

/** Fills the log with so many entries: as no one may, with its guards off. */
// biome-ignore lint/suspicious/noExplicitAny: whatever it is configured with
export async function seedAudit(harness: SubgraphHarness<any>, rows: number): Promise<void> {
  await harness.sql('SET ROLE audit_owner');
  for (let month = 0; month < MONTHS; month += 1) {
    await harness.sql(`SELECT make_partition('${BEGIN.slice(0, 10)}'::timestamp + make_interval(months => $1))`, [
      month,
    ]);
  }
  await harness.sql('RESET ROLE');
  const tables = await harness.sql(
    `SELECT 'audit_entry' AS name UNION ALL SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'audit_entry'::regclass`,
  );
  for (const { name } of tables) await harness.sql(`ALTER TABLE ${name} DISABLE TRIGGER ALL`);
  await harness.sql(ENTRIES, [rows]);
  await harness.sql('VACUUM ANALYZE audit_entry');
}
