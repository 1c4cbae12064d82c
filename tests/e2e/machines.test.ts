import { randomUUID } from 'node:crypto';
import {
  describeWithKafka,
  describeWithRedis,
  eventually,
  type GraphQLClient,
  streamClients,
  transports,
} from '@platform/testkit';
import { DistributedPlatform } from './distributed-platform.js';
import { EmbeddedPlatform } from './embedded-platform.js';
import type { Session } from './session.js';

const TENANCY = { TENANCY_MODE: 'multi', ROUTER_RATE_LIMIT_ENABLED: 'false', ROUTER_BATCHING_ENABLED: 'true' };

/** What the journeys need of a platform, whichever its topology. */
interface Platform {
  /** Every router that there is. */
  readonly routers: () => readonly GraphQLClient[];
  signInAsAdministrator(): Promise<Session>;
}

const CREATE_KEY =
  'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKey { id prefix scopes } } }';
const REVOKE_KEY = 'mutation ($id: ID!) { revokeApiKey(id: $id) }';
const CREATE_ACCOUNT =
  'mutation ($input: CreateServiceAccountInput!) { createServiceAccount(input: $input) { id name roles { name } permissions } }';
const UPDATE_ACCOUNT =
  'mutation ($id: ID!, $input: UpdateServiceAccountInput!) { updateServiceAccount(id: $id, input: $input) { enabled } }';
const CREATE_ACCOUNT_KEY =
  'mutation ($input: CreateServiceAccountKeyInput!) { createServiceAccountKey(input: $input) { secret apiKey { id } } }';
const CREATE_ROLE =
  'mutation ($name: String!, $permissions: [String!]!) { createRole(input: { name: $name, permissions: $permissions }) { id } }';
const REVOKE_ROLES =
  'mutation ($id: ID!, $roleIds: [ID!]!) { revokeServiceAccountRoles(serviceAccountId: $id, roleIds: $roleIds) { id } }';
const REVOKE_GRANT =
  'mutation ($id: ID!, $permissions: [String!]!) { revokePermissions(roleId: $id, permissions: $permissions) { id } }';
const POST = 'mutation ($title: String!) { createPost(input: { title: $title, content: "x" }) { id author { id } } }';
const WHO = '{ me { id } myPermissions }';
const ROLES = '{ roles { nodes { name } } }';

function journeys(platform: () => Platform): void {
  const [first, last] = [
    () => platform().routers()[0] as GraphQLClient,
    () => platform().routers().at(-1) as GraphQLClient,
  ];
  /** On every router at once, by the next request. */
  const codesEverywhere = async (secret: string, query = WHO) =>
    Promise.all(
      platform()
        .routers()
        .map((router) => router.withToken(secret).codes(query)),
    );
  const refusedEverywhere = () =>
    platform()
      .routers()
      .map(() => ['UNAUTHENTICATED']);
  const name = (what: string) => `${what} ${randomUUID().slice(0, 8)}`;

  let admin: Session;
  beforeAll(async () => {
    admin = await platform().signInAsAdministrator();
  });

  const key = async (scopes: string[]) =>
    (await admin.client.data(CREATE_KEY, { input: { name: name('CI'), scopes } })).createApiKey;
  const account = async (permissions: string[]) => {
    const { createRole } = await admin.client.data(CREATE_ROLE, {
      name: `deployer-${randomUUID().slice(0, 8)}`,
      permissions,
    });
    const input = { name: name('Deployments'), roleIds: [createRole.id] };
    const { createServiceAccount } = await admin.client.data(CREATE_ACCOUNT, { input });
    const created = { serviceAccountId: createServiceAccount.id, name: 'First' };
    const { createServiceAccountKey } = await admin.client.data(CREATE_ACCOUNT_KEY, { input: created });
    return { ...createServiceAccount, roleId: createRole.id, secret: createServiceAccountKey.secret };
  };

  it('lets a program act as a user within the scopes of its key, by every transport, until the key is revoked', async () => {
    const { secret, apiKey } = await key(['blog.post.read', 'blog.post.create']);
    expect(apiKey.prefix).toBe(secret.slice(0, 12));
    for (const transport of Object.values(transports)) {
      const { result } = await transport(first().url, { query: WHO }, { authorization: `Bearer ${secret}` });
      expect(result).toEqual({
        data: { me: { id: admin.userId }, myPermissions: expect.arrayContaining(['blog.post.create']) },
      });
    }
    const program = last().withToken(secret);
    expect((await program.data(POST, { title: 'By a program' })).createPost.author.id).toBe(admin.userId);
    expect(await program.codes(ROLES)).toEqual(['UNAUTHORIZED_FIELD_OR_TYPE']);
    expect(await program.codes(REVOKE_KEY, { id: apiKey.id })).toEqual(['SESSION_REQUIRED']);
    await eventually(async () => {
      const { apiKeys } = await admin.client.data('{ apiKeys { id lastUsedAt lastUsedIp } }');
      const used = apiKeys.find(({ id }: { id: string }) => id === apiKey.id);
      expect(used).toMatchObject({ lastUsedAt: expect.any(String), lastUsedIp: expect.any(String) });
    });

    await admin.client.data(REVOKE_KEY, { id: apiKey.id });

    expect(await codesEverywhere(secret)).toEqual(refusedEverywhere());
  });

  it('ends the streams of a key that is revoked', async () => {
    const { secret, apiKey } = await key(['blog.post.read']);
    const query = 'subscription { postPublished(tag: "machines") { id } }';
    const streams = Object.values(streamClients).map((open) => open({ url: first().url, query, token: secret }));
    await eventually(async () => {
      const { apiKeys } = await admin.client.data('{ apiKeys { id lastUsedAt } }');
      expect(apiKeys.find(({ id }: { id: string }) => id === apiKey.id).lastUsedAt).not.toBeNull();
    });
    await admin.client.data(REVOKE_KEY, { id: apiKey.id });
    for (const stream of streams) {
      expect(await stream.endCodes()).toEqual(['UNAUTHENTICATED']);
      stream.stop();
    }
  });

  it('lets a service account do what its roles permit, at once and no longer', async () => {
    const { id, roleId, secret } = await account(['authz.role.read', 'blog.post.create']);
    const program = last().withToken(secret);
    expect(await program.data(WHO)).toEqual({
      me: null,
      myPermissions: expect.arrayContaining(['authz.role.read', 'blog.post.read']),
    });
    expect((await program.data(ROLES)).roles.nodes.length).toBeGreaterThan(3);
    expect(await program.codes(POST, { title: 'By nobody' })).toEqual(['SESSION_REQUIRED']);

    await admin.client.data(REVOKE_GRANT, { id: roleId, permissions: ['authz.role.read'] });
    expect(await codesEverywhere(secret, ROLES)).toEqual(
      platform()
        .routers()
        .map(() => ['UNAUTHORIZED_FIELD_OR_TYPE']),
    );
    await admin.client.data(REVOKE_ROLES, { id, roleIds: [roleId] });
    expect((await first().withToken(secret).data(WHO)).myPermissions).toEqual(['blog.post.read']);

    await admin.client.data(UPDATE_ACCOUNT, { id, input: { enabled: false } });
    expect(await codesEverywhere(secret)).toEqual(refusedEverywhere());
    await admin.client.data(UPDATE_ACCOUNT, { id, input: { enabled: true } });
    expect(await codesEverywhere(secret)).toEqual(
      platform()
        .routers()
        .map(() => []),
    );
    await admin.client.data('mutation ($id: ID!) { deleteServiceAccount(id: $id) }', { id });
    expect(await codesEverywhere(secret)).toEqual(refusedEverywhere());
  });

  it('names the key and the service account in the audit log', async () => {
    const { id, secret } = await account(['identity.organization.update']);
    const program = first().withToken(secret);
    const { activeOrganization } = await program.data('{ activeOrganization { id name } }');
    const rename =
      'mutation ($id: ID!, $input: UpdateOrganizationInput!) { updateOrganization(id: $id, input: $input) { id } }';
    await program.data(rename, { id: activeOrganization.id, input: { name: name('Renamed') } });
    const query = `{ auditEntries(filter: { action: "platform.organization.updated" }, first: 1) {
      nodes { actor { id } serviceAccount { id name roles { id } } metadata }
    } }`;
    await eventually(async () => {
      const [entry] = (await admin.client.data(query)).auditEntries.nodes;
      expect(entry).toMatchObject({
        actor: null,
        serviceAccount: { id, name: expect.stringMatching(/^Deployments/) },
        metadata: { apiKeyId: expect.any(String) },
      });
    });
  });
}

describe('programs, embedded', () => {
  let platform: EmbeddedPlatform;
  beforeAll(async () => {
    platform = await EmbeddedPlatform.start({ env: TENANCY });
  });
  afterAll(() => platform?.stop());

  journeys(() => ({
    routers: () => [platform.anonymous],
    signInAsAdministrator: () => platform.signInAsAdministrator(),
  }));
});

describeWithRedis('on Redis', (redisUrl) => {
  describeWithKafka('programs, apart, with events by Kafka', (kafka) => {
    let platform: DistributedPlatform;
    beforeAll(async () => {
      platform = await DistributedPlatform.start(redisUrl, {
        ...TENANCY,
        KAFKA_BROKERS: kafka.brokers,
        KAFKA_TOPIC_PREFIX: kafka.topicPrefix,
      });
    }, 300_000);
    afterAll(() => platform?.stop());

    journeys(() => ({
      routers: () => [platform.client('router'), platform.client('second router')],
      signInAsAdministrator: () => platform.signInAsAdministrator(),
    }));
  });
});
