import { randomUUID } from 'node:crypto';
import type { GraphQLClient } from '@platform/testkit';
import { buildClientSchema, getIntrospectionQuery } from 'graphql';
import { EmbeddedPlatform } from '../../e2e/embedded-platform.js';
import type { Session } from '../../e2e/session.js';
import { type Leaf, leavesOf } from '../walk/leaves.js';

const PASSWORD = 'analytical engine 1843';
const AT_ONCE = 4;
/** What is another with each thing that a mutation makes. */
const MADE_ANEW = new Set([
  'id',
  'jobId',
  'requestId',
  'sequence',
  'sealed',
  'leafHash',
  'requestedAt',
  'finishedAt',
  'occurredAt',
  'recordedAt',
]);
/** Stands beside the id that is tried. */
const UNKNOWN = '01900000-0000-7000-8000-0000000000ff';

const EVERYTHING = `query ($id: ID!, $post: ID!) {
  organization(id: $id) { name slug status updatedAt members { nodes { id status user { id email username status } } } }
  posts { nodes { id title version tags { name } } }
  post(id: $post) { id status version comments { nodes { id body } } }
  roles { nodes { id name description updatedAt permissions { code } userCount } }
  invitations { nodes { id status sentAt expiresAt } }
  organizationApiKeys { nodes { id name scopes } }
  serviceAccounts { nodes { id name enabled updatedAt roles { name } keys { id } } }
  whoCan(permission: "blog.post.moderate") { nodes { user { id } via { name } } }
}`;

/** Who runs an organization, and what it has. */
interface Tenant {
  readonly organizationId: string;
  readonly client: GraphQLClient;
  /** Ids of what it has, by kind. */
  readonly ids: Readonly<Record<string, string>>;
}

/** Two organizations on one platform. Whatever id of the first somebody of the second sends, it looks like an id that there is not. */
describe('an id of another organization', () => {
  let platform: EmbeddedPlatform;
  let acme: Tenant;
  let eve: Tenant;
  let leaves: readonly Leaf[];

  beforeAll(async () => {
    platform = await EmbeddedPlatform.start({
      env: {
        TENANCY_MODE: 'multi',
        ROUTER_RATE_LIMIT_ENABLED: 'false',
        EVENTS_POLL_INTERVAL: '100ms',
      },
    });
    [acme, eve] = [await tenant('acme'), await tenant('eve')];
    const schema = buildClientSchema(await eve.client.data(getIntrospectionQuery()));
    leaves = leavesOf(schema, (scalar, _field, name) => plain(scalar, name)).filter(({ scalar }) => scalar === 'ID');
  });
  afterAll(() => platform?.stop());

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
      'mutation ($id: ID!) { addComment(input: { postId: $id, body: "Ours" }) { id } }',
      { id: post.id },
    );
    const { createRole: role } = await client.data('mutation { createRole(input: { name: "ours" }) { id } }');
    const { inviteMember: invitation } = await client.data(
      'mutation ($email: String!) { inviteMember(input: { email: $email }) { id } }',
      { email: `${name}-invited@example.com` },
    );
    const { createApiKey } = await client.data(
      'mutation { createApiKey(input: { name: "Ours", scopes: ["blog.post.read"] }) { apiKey { id } } }',
    );
    const { createServiceAccount: account } = await client.data(
      'mutation { createServiceAccount(input: { name: "Ours" }) { id } }',
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
        apiKey: createApiKey.apiKey.id,
        serviceAccount: account.id,
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
    return JSON.stringify({ status, data, told }, (key, value) => (MADE_ANEW.has(key) ? undefined : value)).replaceAll(
      id,
      'ID',
    );
  }

  /** What its administrator sees of it. */
  const everythingOf = ({ client, organizationId, ids }: Tenant): Promise<unknown> =>
    client.data(EVERYTHING, { id: organizationId, post: ids['post'] });

  it('looks unknown, wherever it is sent, and changes nothing', async () => {
    const kinds = Object.entries(acme.ids);
    const attempts = leaves
      .filter(({ kind }) => kind !== 'subscription')
      .flatMap((leaf) => kinds.map(([kind, id]) => ({ leaf, kind, id })));
    expect(attempts.length).toBeGreaterThan(300);
    const before = await everythingOf(acme);

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
    expect(await everythingOf(acme)).toEqual(before);
  }, 300_000);
});
