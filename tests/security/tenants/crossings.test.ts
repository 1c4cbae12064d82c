import { randomUUID } from 'node:crypto';
import { createTestDatabase, type GraphQLClient, type TestDatabase } from '@platform/testkit';
import { buildClientSchema, getIntrospectionQuery } from 'graphql';
import pg from 'pg';
import { EmbeddedPlatform } from '../../e2e/embedded-platform.js';
import type { Session } from '../../e2e/session.js';
import { type Leaf, leavesOf } from '../walk/leaves.js';

const PASSWORD = 'analytical engine 1843';
const AT_ONCE = 4;
/** Stands beside the id that is tried. */
const UNKNOWN = '01900000-0000-7000-8000-0000000000ff';

/** Who runs an organization, and what it has. */
interface Tenant {
  readonly organizationId: string;
  readonly client: GraphQLClient;
  /** Ids of what it has, by kind. */
  readonly ids: Readonly<Record<string, string>>;
}

/** Two organizations on one platform. Whatever id of the first somebody of the second sends, it looks like an id that there is not. */
describe('an id of another organization', () => {
  let database: TestDatabase;
  let platform: EmbeddedPlatform;
  let acme: Tenant;
  let eve: Tenant;
  let leaves: readonly Leaf[];

  beforeAll(async () => {
    database = await createTestDatabase();
    platform = await EmbeddedPlatform.start({
      env: {
        DATABASE_URL: database.url,
        TENANCY_MODE: 'multi',
        ROUTER_RATE_LIMIT_ENABLED: 'false',
        EVENTS_POLL_INTERVAL: '100ms',
      },
    });
    [acme, eve] = [await tenant('acme'), await tenant('eve')];
    const schema = buildClientSchema(await eve.client.data(getIntrospectionQuery()));
    leaves = leavesOf(schema, (scalar, _field, name) => plain(scalar, name)).filter(({ scalar }) => scalar === 'ID');
  });
  afterAll(async () => {
    await platform?.stop();
    await database?.drop();
  });

  async function tenant(name: string): Promise<Tenant> {
    const user = await platform.signUp(`${name}@example.com`, PASSWORD);
    const member = await platform.signUp(`${name}-member@example.com`, PASSWORD);
    const { createOrganization } = await user.client.data(
      'mutation ($name: String!) { createOrganization(input: { name: $name }) { id } }',
      { name: `Organization ${name}` },
    );
    const { switchOrganization } = await user.client.data(
      'mutation ($id: ID!) { switchOrganization(id: $id) { accessToken } }',
      { id: createOrganization.id },
    );
    const client = platform.anonymous.withToken(switchOrganization.accessToken);
    await joined(client, member, `${name}-member@example.com`);
    const { createPost: post } = await client.data(
      'mutation { createPost(input: { title: "Ours", content: "x", tags: ["ours"] }) { id } }',
    );
    await client.data('mutation ($id: ID!) { publishPost(id: $id) { id } }', { id: post.id });
    const { addComment: comment } = await client.data(
      'mutation ($id: ID!) { addComment(input: { postId: $id, content: "Ours" }) { id } }',
      { id: post.id },
    );
    const { createRole: role } = await client.data('mutation { createRole(input: { name: "ours" }) { id } }');
    const { inviteMember: invitation } = await client.data(
      'mutation ($email: String!) { inviteMember(input: { email: $email }) { id } }',
      { email: `${name}-invited@example.com` },
    );
    const { me } = await client.data('{ me { memberships { id } } }');
    const { auditEntries } = await client.data('{ auditEntries(first: 1) { nodes { id } } }');
    return {
      organizationId: createOrganization.id,
      client,
      ids: {
        organization: createOrganization.id,
        user: user.userId,
        member: member.userId,
        membership: me.memberships[0].id,
        post: post.id,
        comment: comment.id,
        role: role.id,
        invitation: invitation.id,
        ...(auditEntries.nodes[0] && { auditEntry: auditEntries.nodes[0].id }),
      },
    };
  }

  async function joined(client: GraphQLClient, { client: member }: Session, email: string): Promise<void> {
    await client.data('mutation ($email: String!) { inviteMember(input: { email: $email }) { id } }', { email });
    const { myInvitations } = await member.data('{ myInvitations { id } }');
    await member.data('mutation ($id: ID!) { acceptInvitation(input: { id: $id }) { id } }', {
      id: myInvitations[0].id,
    });
  }

  const plain = (scalar: string, name: string): unknown =>
    ({ ID: UNKNOWN, Int: 1, Float: 1, Boolean: true, DateTime: '2026-01-01T00:00:00Z', JSON: {} })[scalar] ??
    { permission: 'blog.post.read', email: 'crossing@example.com', contentType: 'image/png' }[name] ??
    'crossing';

  /** What is answered for an id, without the id and what differs from one request to the next. */
  async function answered({ document, variables }: Leaf, id: string): Promise<string> {
    const { status, data, errors } = await eve.client.request(document, variables(id));
    const told = errors.map(({ message, path, extensions: { requestId: _, ...extensions } }) => ({
      message,
      path,
      extensions,
    }));
    return JSON.stringify({ status, data, told }).replaceAll(id, 'ID');
  }

  /** Every row of the tenant, as one text. */
  async function rowsOf(tenantId: string): Promise<unknown> {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    try {
      const { rows: tables } = await client.query(
        `SELECT oid::regclass::text AS name FROM pg_class WHERE relrowsecurity AND relkind = 'r' AND NOT relispartition
           AND relname NOT IN ('outbox', 'audit_entry', 'mail_queue', 'idempotency_keys') ORDER BY 1`,
      );
      const found: Record<string, unknown> = {};
      for (const { name } of tables) {
        const { rows } = await client.query(
          `SELECT to_jsonb(t) - 'last_active_at' AS row FROM ${name} t WHERE tenant_id = $1 ORDER BY 1`,
          [tenantId],
        );
        found[name] = rows.map(({ row }) => row);
      }
      return found;
    } finally {
      await client.end();
    }
  }

  it('looks unknown, wherever it is sent, and changes nothing', async () => {
    const kinds = Object.entries(acme.ids);
    const attempts = leaves
      .filter(({ kind }) => kind !== 'subscription')
      .flatMap((leaf) => kinds.map(([kind, id]) => ({ leaf, kind, id })));
    expect(attempts.length).toBeGreaterThan(300);
    const before = await rowsOf(acme.organizationId);

    const differences: string[] = [];
    const next = attempts.values();
    const work = async (): Promise<void> => {
      for (const { leaf, kind, id } of next) {
        const [foreign, unknown] = [await answered(leaf, id), await answered(leaf, randomUUID())];
        if (foreign !== unknown) differences.push(`${leaf.name} of a ${kind}: ${foreign} instead of ${unknown}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));

    expect(differences).toEqual([]);
    expect(await rowsOf(acme.organizationId)).toEqual(before);
  }, 300_000);
});
