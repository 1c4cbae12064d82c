import type { GraphQLClient } from '@platform/testkit';
import pg from 'pg';

/** One way in which authz is away. */
export interface Outage {
  begin(): Promise<void>;
  end(): Promise<void>;
}

/** Takes the database from authz alone: nobody else works as its role. */
export function withoutItsDatabase(url: string): Outage {
  const database = new URL(url).pathname.slice(1);
  const run = async (...statements: string[]): Promise<void> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
  };
  return {
    begin: () =>
      run(
        `REVOKE CONNECT ON DATABASE ${database} FROM PUBLIC`,
        `GRANT CONNECT ON DATABASE ${database} TO identity_app, audit_app, blog_app`,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'authz_app' AND datname = current_database()`,
      ),
    end: () => run(`GRANT CONNECT ON DATABASE ${database} TO PUBLIC`),
  };
}

/** Lets every statement of authz wait for a lock. */
export function hangingInItsDatabase(url: string): Outage {
  let locker: pg.Client | undefined;
  return {
    begin: async () => {
      locker = new pg.Client({ connectionString: url });
      await locker.connect();
      await locker.query('BEGIN');
      await locker.query(
        'LOCK TABLE authz.roles, authz.assignments, authz.role_permissions, authz.subjects IN ACCESS EXCLUSIVE MODE',
      );
    },
    end: async () => {
      await locker?.end();
      locker = undefined;
    },
  };
}

/** What is asked while authz is away, as anybody; each has a part that only authz can decide. */
const ASKED = [
  '{ auditEntries(first: 1) { totalCount } }',
  '{ auditCheckpoint { treeSize } }',
  '{ users(first: 1) { nodes { id } } }',
  '{ roles(first: 1) { nodes { name } } }',
  '{ permissions { code } }',
  '{ whoCan(permission: "blog.post.read") { nodes { user { id } } } }',
  '{ hasPermission(userId: "018f0000-0000-7000-8000-00000000000a", permission: "blog.post.read") }',
  '{ authorize(input: { userId: "018f0000-0000-7000-8000-00000000000a", permission: "blog.post.read" }) { allowed } }',
  '{ posts(first: 1) { nodes { title } } }',
  '{ tags { name } }',
  'mutation { createPost(input: { title: "x", content: "y" }) { id } }',
  'mutation { createUser(input: { email: "nobody@example.com" }) { id } }',
  'mutation { lockUser(id: "018f0000-0000-7000-8000-00000000000a", reason: "x") { id } }',
  'mutation { createRole(input: { name: "never" }) { id } }',
  'mutation { assignRoles(userId: "018f0000-0000-7000-8000-00000000000a", roleIds: []) { id } }',
  'mutation { exportAuditEntries(format: CSV) { jobId } }',
];

/** The codes that each of them is answered with. */
export const codesWhileAway = async (client: GraphQLClient): Promise<Record<string, unknown[]>> =>
  Object.fromEntries(await Promise.all(ASKED.map(async (query) => [query, [...new Set(await client.codes(query))]])));

/** The same with what they ought to be. */
export const onlyUnavailable = (): Record<string, unknown[]> =>
  Object.fromEntries(ASKED.map((query) => [query, ['SERVICE_UNAVAILABLE']]));

/** How many denials are in the log. */
export async function deniedEntries(admin: GraphQLClient): Promise<number> {
  const { auditEntries } = await admin.data('{ auditEntries(filter: { outcome: DENIED }, first: 1) { totalCount } }');
  return auditEntries.totalCount;
}
