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

/** The n-th organization; the first has the first hundred users. */
export const organizationId = (number: number): string =>
  `01900000-0003-7000-8000-${number.toString(16).padStart(12, '0')}`;

/** The session of the first user, who acts in the first organization. */
export const SESSION = '01900000-0004-7000-8000-000000000001';

const ORGANIZATIONS = `
  INSERT INTO organizations (id, name, slug, created_at, updated_at)
  SELECT ('01900000-0003-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'Organization ' || n, 'organization-' || n, at, at
  FROM generate_series(1, $1 / 100) AS n, LATERAL (SELECT '2026-01-01'::timestamptz + n * interval '1 minute' AS at) AS moment`;

/** Everybody belongs to the default organization by their account; a hundred users each to one of their own, with ten invitations. */
const MEMBERSHIPS = `
  INSERT INTO memberships (id, tenant_id, user_id, joined_at)
  SELECT gen_random_uuid(), ('01900000-0003-7000-8000-' || lpad(to_hex((n - 1) / 100 + 1), 12, '0'))::uuid,
    ('01900000-0002-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, '2026-01-01'::timestamptz + n * interval '1 minute'
  FROM generate_series(1, $1) AS n WHERE n % 50 <> 0`;

const INVITATIONS = `
  INSERT INTO invitations (id, tenant_id, email, role_ids, created_at, sent_at, expires_at)
  SELECT gen_random_uuid(), ('01900000-0003-7000-8000-' || lpad(to_hex(n % ($1 / 100) + 1), 12, '0'))::uuid, 'invited' || n || '@example.com', '{}',
    now() - n * interval '1 second', now(), 'infinity'
  FROM generate_series(1, $1 / 10) AS n`;

/** Every member of an organization has a key. */
const KEYS = `
  INSERT INTO api_keys (id, tenant_id, user_id, name, prefix, secret_hash, scopes, created_at)
  SELECT gen_random_uuid(), ('01900000-0003-7000-8000-' || lpad(to_hex((n - 1) / 100 + 1), 12, '0'))::uuid,
    ('01900000-0002-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'CI', 'plt_00000000', sha256(n::text::bytea),
    '{blog.post.read}', '2026-01-01'::timestamptz + n * interval '1 minute'
  FROM generate_series(1, $1) AS n WHERE n % 50 <> 0`;

/** Fills identity with so many users. */
// biome-ignore lint/suspicious/noExplicitAny: whatever it is configured with
export async function seedIdentity(harness: SubgraphHarness<any>, rows: number): Promise<void> {
  const [{ definition }] = await harness.sql(
    `SELECT indexdef AS definition FROM pg_indexes WHERE indexname = 'users_fragments'`,
  );
  await harness.sql('DROP INDEX users_fragments');
  await harness.sql(USERS, [rows]);
  await harness.sql(definition);
  await harness.sql(ORGANIZATIONS, [rows]);
  await harness.sql(MEMBERSHIPS, [rows]);
  await harness.sql(INVITATIONS, [rows]);
  await harness.sql(KEYS, [rows]);
  await harness.sql(
    `INSERT INTO sessions (id, tenant_id, user_id, created_at, last_used_at, expires_at, methods, authenticated_at)
     VALUES ($1, $2, $3, now(), now(), 'infinity', '{PASSWORD}', now())`,
    [SESSION, organizationId(1), userId(3)],
  );
  await harness.sql('VACUUM ANALYZE users, organizations, memberships, invitations, sessions, api_keys');
}
