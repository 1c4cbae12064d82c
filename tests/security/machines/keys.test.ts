import { randomUUID } from 'node:crypto';
import { newApiKeySecret } from '@platform/auth';
import { eventually, type GraphQLClient } from '@platform/testkit';
import { EmbeddedPlatform } from '../../e2e/embedded-platform.js';
import { mailedToken, Session } from '../../e2e/session.js';

const PASSWORD = 'analytical engine 1843';
const SCOPES = ['blog.post.read', 'blog.post.create'];
const WHO = '{ me { id } myPermissions activeOrganization { id } }';
const CREATE_KEY = 'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKey { id } } }';

interface Owner {
  readonly session: Session;
  /** Acting in the organization. */
  readonly client: GraphQLClient;
  readonly secret: string;
  readonly keyId: string;
}

describe('an API key', () => {
  let platform: EmbeddedPlatform;
  let operator: Session;
  /** The administrator of the organization, acting in it. */
  let ada: GraphQLClient;
  let organizationId: string;
  const secrets: string[] = [];

  beforeAll(async () => {
    platform = await EmbeddedPlatform.start({
      env: {
        TENANCY_MODE: 'multi',
        ROUTER_RATE_LIMIT_ENABLED: 'false',
        LOGGING_LEVEL: 'trace',
        TENANCY_RESOLVE: '["header"]',
      },
    });
    operator = await platform.signInAsAdministrator();
    const founder = await platform.signUp(`${randomUUID()}@example.com`, PASSWORD);
    const { createOrganization } = await founder.client.data(
      'mutation ($input: CreateOrganizationInput!) { createOrganization(input: $input) { id } }',
      { input: { name: 'Acme' } },
    );
    organizationId = createOrganization.id;
    ada = await acting(founder.client);
  });
  afterAll(() => platform?.stop());

  async function acting(client: GraphQLClient): Promise<GraphQLClient> {
    const { switchOrganization } = await client.data(
      'mutation ($id: ID!) { switchOrganization(id: $id) { accessToken } }',
      { id: organizationId },
    );
    return platform.anonymous.withToken(switchOrganization.accessToken);
  }

  async function key(client: GraphQLClient, input: object = {}): Promise<{ secret: string; keyId: string }> {
    const { createApiKey } = await client.data(CREATE_KEY, { input: { name: 'CI', scopes: SCOPES, ...input } });
    secrets.push(createApiKey.secret);
    return { secret: createApiKey.secret, keyId: createApiKey.apiKey.id };
  }

  /** A member of the organization with a key, which works. */
  async function owner(roleIds: string[] = []): Promise<Owner> {
    const email = `${randomUUID()}@example.com`;
    const invite = 'mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { id } }';
    await ada.data(invite, { input: { email, roleIds } });
    const token = await mailedToken(platform.url, email, '/invitation');
    const join =
      'mutation ($input: RegisterWithInvitationInput!) { registerWithInvitation(input: $input) { user { id } } }';
    await platform.anonymous.data(join, { input: { token, password: PASSWORD } });
    const session = await platform.signIn(email, PASSWORD);
    const client = await acting(session.client);
    const made = await key(client, roleIds.length > 0 ? { scopes: ['blog.post.read'] } : {});
    expect((await by(made.secret).data(WHO)).me).toEqual({ id: session.userId });
    return { session, client, ...made };
  }

  const by = (secret: string) => platform.anonymous.withToken(secret);
  const role = async (...permissions: string[]): Promise<string> => {
    const input = { name: `role-${randomUUID().slice(0, 8)}`, permissions };
    return (await ada.data('mutation ($input: CreateRoleInput!) { createRole(input: $input) { id } }', { input }))
      .createRole.id;
  };
  const permissionsBy = async (secret: string): Promise<string[]> => (await by(secret).data(WHO)).myPermissions;

  const REFUSED = {
    status: 401,
    errors: [{ message: 'The access token is not valid.', extensions: { code: 'UNAUTHENTICATED' } }],
  };

  it.each([
    ['is made up, with a good checksum', (_: string) => newApiKeySecret('plt').secret],
    ['has another checksum', (secret: string) => `${secret.slice(0, -1)}${secret.endsWith('a') ? 'b' : 'a'}`],
    [
      'has another character',
      (secret: string) => secret.replace(/_(.)(.*)_/, (_all, first, rest) => `_${first === 'x' ? 'y' : 'x'}${rest}_`),
    ],
    ['is cut', (secret: string) => secret.slice(0, -3)],
    ['goes on', (secret: string) => `${secret}0`],
    ['is the part that is shown', (secret: string) => secret.slice(0, 12)],
  ])('that %s is refused like any other', async (_what, of) => {
    const { secret } = await key(ada);
    expect(await by(of(secret)).request(WHO)).toMatchObject(REFUSED);
    expect(await by(secret).data(WHO)).toMatchObject({ activeOrganization: { id: organizationId } });
  });

  it.each<[string, (owner: Owner) => Promise<unknown>]>([
    ['it is revoked by its owner', ({ client, keyId }) => client.data(REVOKE, { id: keyId })],
    ['it is revoked by an administrator', ({ keyId }) => ada.data(REVOKE, { id: keyId })],
    ['its owner is locked', ({ session }) => operator.client.data(LOCK, { id: session.userId })],
    ['its owner is suspended', ({ session }) => ada.data(SUSPEND, { id: session.userId })],
    ['its owner is removed', ({ session }) => ada.data(REMOVE, { id: session.userId })],
    ['its owner leaves', ({ client }) => client.data(LEAVE, { id: organizationId })],
    ['its owner is deleted', ({ session }) => operator.client.data(DELETE, { id: session.userId })],
  ])('is refused from the next request on when %s', async (_what, end) => {
    const one = await owner();
    await end(one);
    expect(await by(one.secret).request(WHO)).toMatchObject(REFUSED);
  });

  it('works again when its owner’s suspension ends', async () => {
    const one = await owner();
    await ada.data(SUSPEND, { id: one.session.userId });
    expect(await by(one.secret).codes(WHO)).toEqual(['UNAUTHENTICATED']);
    await ada.data('mutation ($id: ID!) { reactivateMember(userId: $id) { status } }', { id: one.session.userId });
    expect(await by(one.secret).codes(WHO)).toEqual([]);
  });

  it('is refused once it has expired', async () => {
    const { secret } = await key(ada, { expiresAt: new Date(Date.now() + 3_000).toISOString() });
    expect(await by(secret).codes(WHO)).toEqual([]);
    await eventually(async () => expect(await by(secret).request(WHO)).toMatchObject(REFUSED));
  });

  it('loses what its owner loses at once, and gains nothing that it was not made for', async () => {
    const [poster, moderator] = [await role('blog.post.read', 'blog.post.create'), await role('blog.post.moderate')];
    const one = await owner([poster]);
    const { secret } = await key(one.client);
    expect(await permissionsBy(secret)).toEqual([...SCOPES].sort());
    const roles = (mutation: string, roleId: string) =>
      ada.data(`mutation ($id: ID!, $roleIds: [ID!]!) { ${mutation}(userId: $id, roleIds: $roleIds) { id } }`, {
        id: one.session.userId,
        roleIds: [roleId],
      });
    await roles('assignRoles', moderator);
    expect(await permissionsBy(secret)).toEqual([...SCOPES].sort());
    await roles('revokeRoles', poster);
    expect(await permissionsBy(secret)).toEqual(['blog.post.read']);
    expect(await by(secret).codes('mutation { createPost(input: { title: "x", content: "y" }) { id } }')).toEqual([
      'UNAUTHORIZED_FIELD_OR_TYPE',
    ]);
  });

  it('is made for nothing that its maker does not hold', async () => {
    const one = await owner();
    const input = { name: 'More', scopes: ['blog.post.moderate'] };
    expect(await one.client.codes(CREATE_KEY, { input })).toEqual(['PERMISSION_NOT_HELD']);
  });

  it('acts in its own organization, whatever its bearer asks for', async () => {
    const { secret } = await key(ada);
    const elsewhere = by(secret).withHeaders({ 'x-organization': 'default' });
    expect(await elsewhere.request(WHO)).toMatchObject({
      status: 400,
      errors: [{ extensions: { code: 'BAD_REQUEST' } }],
    });
    const here = by(secret).withHeaders({ 'x-organization': organizationId });
    expect((await here.data(WHO)).activeOrganization.id).toBe(organizationId);
    expect(
      await by(secret).codes('mutation ($id: ID!) { switchOrganization(id: $id) { accessToken } }', {
        id: organizationId,
      }),
    ).toEqual(['SESSION_REQUIRED']);
  });

  it('is nothing in a cookie, an address, or another header', async () => {
    const { secret } = await key(ada);
    const query = encodeURIComponent(WHO);
    for (const [address, headers] of [
      [`?query=${query}&access_token=${secret}`, {}],
      [`?query=${query}`, { cookie: `authorization=Bearer ${secret}; token=${secret}` }],
      [`?query=${query}`, { 'x-api-key': secret }],
    ] as const) {
      const response = await fetch(`${platform.url}/graphql${address}`, {
        headers: { accept: 'application/graphql-response+json', ...headers },
      });
      expect(((await response.json()) as { data: { me: unknown } }).data.me).toBeNull();
    }
    for (const scheme of ['Basic', 'Token', '']) {
      const answer = await platform.anonymous.withHeaders({ authorization: `${scheme} ${secret}`.trim() }).request(WHO);
      expect(answer).toMatchObject({ status: 400, errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
    }
  });

  it('is no way into the account: it changes no password, makes no key and ends no session', async () => {
    const one = await owner();
    const program = by(one.secret);
    const change = 'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { accessToken } }';
    const input = { oldPassword: PASSWORD, newPassword: 'another analytical engine' };
    expect(await program.codes(change, { input })).toEqual(['SESSION_REQUIRED']);
    expect(await program.codes(CREATE_KEY, { input: { name: 'Again', scopes: SCOPES } })).toEqual(['SESSION_REQUIRED']);
    expect(await program.codes('mutation { revokeOtherSessions }')).toEqual(['SESSION_REQUIRED']);
    expect(await program.codes(LEAVE, { id: organizationId })).toEqual(['SESSION_REQUIRED']);
  });

  it('stands nowhere but in the answer that made it', async () => {
    const { secret } = await key(ada);
    await by(secret).request(WHO);
    await by(secret).request('{ nothing }');
    await by(`${secret.slice(0, -1)}!`).request(WHO);
    await by(secret).request('query ($text: String!) { postBySlug(slug: $text) { id } }', { text: secret });
    const { auditEntries } = await eventually(async () => {
      const found = await ada.data('{ auditEntries(first: 100) { nodes { action metadata resourceId } } }');
      expect(JSON.stringify(found)).toContain('platform.api_key.created');
      return found;
    });
    for (const one of secrets) {
      const hidden = one.slice(13, 56);
      expect(platform.process.printed).not.toContain(hidden);
      expect(JSON.stringify(auditEntries)).not.toContain(hidden);
    }
  });
});

const REVOKE = 'mutation ($id: ID!) { revokeApiKey(id: $id) }';
const LOCK = 'mutation ($id: ID!) { lockUser(id: $id, reason: "x") { id } }';
const SUSPEND = 'mutation ($id: ID!) { suspendMember(userId: $id, reason: "x") { status } }';
const REMOVE = 'mutation ($id: ID!) { removeMember(userId: $id) }';
const LEAVE = 'mutation ($id: ID!) { leaveOrganization(id: $id) }';
const DELETE = 'mutation ($id: ID!) { deleteUser(id: $id) }';
