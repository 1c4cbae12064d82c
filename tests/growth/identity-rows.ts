import type { SubgraphHarness } from '@platform/testkit';

/** The n-th of so many users, the oldest being the first. */
export const userId = (number: number): string => `01900000-0002-7000-8000-${number.toString(16).padStart(12, '0')}`;

/** A user a minute. One in twenty is called Anna, one in ten of the oldest fifth Zoe, every other has an `e` in their name, and one alone the sign 葛. */
const USERS = `
  INSERT INTO users (id, email, email_verified, username, first_name, last_name, status, created_at, updated_at)
  SELECT ('01900000-0002-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
    CASE WHEN n % 50 <> 0 THEN username || '@example.com' END, n % 10 > 0, CASE WHEN n % 50 = 0 THEN 'deleted-' || n ELSE username END,
    CASE WHEN n % 50 <> 0 THEN first_name END, CASE WHEN n % 50 <> 0 THEN CASE WHEN n = 7 THEN '葛' ELSE last_name END END,
    CASE WHEN n % 50 = 0 THEN 'DELETED' WHEN n % 100 = 1 THEN 'LOCKED' ELSE 'ACTIVE' END, at, at
  FROM generate_series(1, $1) AS n,
    LATERAL (SELECT CASE WHEN n % 20 = 3 THEN 'Anna' WHEN n % 10 = 6 AND n < $1 / 5 THEN 'Zoe' ELSE (ARRAY['Bela', 'Carl', 'Dora', 'Emil', 'Fritz', 'Gerda', 'Hugo', 'Ilse', 'Jakob', 'Karin', 'Lars'])[1 + n % 11] END AS first_name,
      initcap(translate((n::bigint * 7919 % 1000003)::text, '0123456789', 'abdehilmno')) AS last_name, '2026-01-01'::timestamptz + n * interval '1 minute' AS at) AS person,
    LATERAL (SELECT lower(first_name) || n AS username) AS named
  ORDER BY n`;

/** Fills identity with so many users. */
// biome-ignore lint/suspicious/noExplicitAny: whatever it is configured with
export async function seedIdentity(harness: SubgraphHarness<any>, rows: number): Promise<void> {
  const [{ definition }] = await harness.sql(
    `SELECT indexdef AS definition FROM pg_indexes WHERE indexname = 'users_fragments'`,
  );
  await harness.sql('DROP INDEX users_fragments');
  await harness.sql(USERS, [rows]);
  await harness.sql(definition);
  await harness.sql('VACUUM ANALYZE users');
}
