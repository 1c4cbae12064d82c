import type { SubgraphHarness } from '@platform/testkit';

const id = (kind: number, number: number): string =>
  `01900000-000${kind}-7000-8000-${number.toString(16).padStart(12, '0')}`;

export const userId = (number: number): string => id(5, number);

/** A thousand roles beside the platform's own; the first one lets moderate, and has one user in a thousand. */
const ROLES = `
  INSERT INTO roles (id, name, created_at, updated_at)
  SELECT ('01900000-0006-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'role-' || n, now(), now() FROM generate_series(1, 1000) AS n`;

const GRANTS = `
  INSERT INTO role_permissions (role_id, permission)
  SELECT id, 'blog.post.create' FROM roles WHERE name LIKE 'role-%'
  UNION ALL SELECT id, 'blog.post.moderate' FROM roles WHERE name = 'role-1'`;

const USERS = `
  INSERT INTO subjects (user_id, account_status)
  SELECT ('01900000-0005-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, CASE WHEN n % 50 = 0 THEN 'LOCKED' ELSE 'ACTIVE' END
  FROM generate_series(1, $1) AS n`;

/** Everybody is a user, one in ten has one of the thousand roles, and three are administrators. */
const ASSIGNMENTS = `
  INSERT INTO assignments (user_id, role_id)
  SELECT user_id, (SELECT id FROM roles WHERE name = 'user') FROM subjects
  UNION ALL
  SELECT ('01900000-0005-7000-8000-' || lpad(to_hex(n * 10), 12, '0'))::uuid, ('01900000-0006-7000-8000-' || lpad(to_hex(1 + n % 1000), 12, '0'))::uuid
  FROM generate_series(1, $1 / 10) AS n
  UNION ALL
  SELECT ('01900000-0005-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, (SELECT id FROM roles WHERE name = 'admin') FROM generate_series(1, 3) AS n`;

/** Fills authz with a thousand roles and so many users. */
// biome-ignore lint/suspicious/noExplicitAny: whatever it is configured with
export async function seedAuthz(harness: SubgraphHarness<any>, rows: number): Promise<void> {
  await harness.sql(`SET session_replication_role = replica`);
  await harness.sql(ROLES);
  await harness.sql(GRANTS);
  await harness.sql(USERS, [rows]);
  await harness.sql(ASSIGNMENTS, [rows]);
  await harness.sql(`SET session_replication_role = origin`);
  for (const table of ['roles', 'role_permissions', 'subjects', 'assignments'])
    await harness.sql(`VACUUM ANALYZE ${table}`);
}
