import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '@platform/foundation/config';
import type { GraphQLClient } from '@platform/testkit';
import { buildASTSchema, getNamedType, isObjectType, parse } from 'graphql';
import { EmbeddedPlatform } from './embedded-platform.js';

const PASSWORD = 'correct horse battery staple';

/** Fields that lead to a user who may be gone, with a query that shows them. Others lead to the caller, or find no user who is gone. */
const REFERENCES: Record<string, string> = {
  'AuditEntry.actor':
    'query ($id: ID!) { auditEntries(filter: { actorId: $id }, first: 100) { nodes { actor { ...U } } } }',
  'AuditExport.requestedBy': '',
  'Post.author': '{ posts(first: 100) { nodes { author { ...U } } } }',
  'Comment.author': '{ posts(first: 10) { nodes { comments(first: 10) { nodes { author { ...U } } } } } }',
  'Membership.user': '{ activeOrganization { members(first: 100) { nodes { user { ...U } } } } }',
  'Membership.invitedBy': '{ activeOrganization { members(first: 100) { nodes { invitedBy { ...U } } } } }',
  'Invitation.invitedBy': '{ invitations(first: 100) { nodes { invitedBy { ...U } } } }',
  'ServiceAccount.createdBy': '{ serviceAccounts(first: 100) { nodes { createdBy { ...U } } } }',
  'GrantHolder.user': '{ whoCan(permission: "blog.post.read", first: 100) { nodes { user { ...U } } } }',
};
const OWNED = ['AuthPayload', 'UserConnection', 'UserEdge', 'Query', 'Mutation', 'Subscription', 'RegisterPayload'];

describe('people, through the router', () => {
  let platform: EmbeddedPlatform;
  let admin: GraphQLClient;
  beforeAll(async () => {
    platform = await EmbeddedPlatform.start();
    admin = (await platform.signInAsAdministrator()).client;
  });
  afterAll(() => platform?.stop());

  const created = async (email: string): Promise<string> =>
    (await admin.data('mutation ($input: CreateUserInput!) { createUser(input: $input) { id } }', { input: { email } }))
      .createUser.id;

  it('are known to authz as soon as they are made', async () => {
    const { roleByName } = await admin.data('{ roleByName(name: "admin") { id } }');
    for (let round = 0; round < 10; round += 1) {
      const { createUser } = await admin.data(
        'mutation ($input: CreateUserInput!) { createUser(input: $input) { id roles { name } } }',
        { input: { email: `new-${round}@example.com` } },
      );
      expect(createUser.roles).toEqual([{ name: 'user' }]);
      const { assignRoles } = await admin.data(
        'mutation ($userId: ID!, $roleIds: [ID!]!) { assignRoles(userId: $userId, roleIds: $roleIds) { roles { name } } }',
        { userId: createUser.id, roleIds: [roleByName.id] },
      );
      expect(assignRoles.roles).toEqual([{ name: 'admin' }, { name: 'user' }]);
    }
  });

  it('may do nothing from the moment on in which they are locked', async () => {
    const id = await created('locked@example.com');
    const may = async () =>
      (await admin.data('query ($id: ID!) { hasPermission(userId: $id, permission: "blog.post.create") }', { id }))
        .hasPermission;
    for (let round = 0; round < 5; round += 1) {
      expect(await may()).toBe(true);
      await admin.data('mutation ($id: ID!) { lockUser(id: $id, reason: "x") { id } }', { id });
      expect(await may()).toBe(false);
      await admin.data('mutation ($id: ID!) { unlockUser(id: $id) { id } }', { id });
    }
    await admin.data('mutation ($id: ID!) { deleteUser(id: $id) }', { id });
    expect(await may()).toBe(false);
  });

  it('are referred to without a name, and without an error, when they are gone', async () => {
    const schema = buildASTSchema(parse(readFileSync(join(projectRoot(), 'router', 'supergraph.graphql'), 'utf8')), {
      assumeValidSDL: true,
    });
    const fields = Object.values(schema.getTypeMap()).flatMap((type) =>
      isObjectType(type) && !OWNED.includes(type.name)
        ? Object.values(type.getFields())
            .filter((field) => getNamedType(field.type).name === 'User')
            .map((field) => `${type.name}.${field.name}`)
        : [],
    );
    expect(fields.toSorted()).toEqual(
      Object.keys(REFERENCES)
        .filter((field) => fields.includes(field) || REFERENCES[field] !== '')
        .toSorted(),
    );

    const email = 'gone@example.com';
    await platform.anonymous.data('mutation ($input: RegisterInput!) { register(input: $input) { accepted } }', {
      input: { email, password: PASSWORD, firstName: 'Gone' },
    });
    await platform.anonymous.data('mutation ($token: String!) { verifyEmail(token: $token) }', {
      token: await platform.mailedToken(email, '/verify-email'),
    });
    const gone = await platform.signIn(email, PASSWORD);
    const { createPost } = await gone.client.data(
      'mutation { createPost(input: { title: "Mine", content: "x" }) { id } }',
    );
    await gone.client.data('mutation ($id: ID!) { publishPost(id: $id) { id } }', { id: createPost.id });
    await gone.client.data('mutation ($id: ID!) { addComment(input: { postId: $id, body: "x" }) { id } }', {
      id: createPost.id,
    });
    const { roleByName } = await admin.data('{ roleByName(name: "admin") { id } }');
    await admin.data('mutation ($id: ID!, $roles: [ID!]!) { assignRoles(userId: $id, roleIds: $roles) { id } }', {
      id: gone.userId,
      roles: [roleByName.id],
    });
    const createMachine = 'mutation { createServiceAccount(input: { name: "Robot" }) { createdBy { id } } }';
    expect(await gone.client.data(createMachine)).toEqual({ createServiceAccount: { createdBy: { id: gone.userId } } });
    const invite = 'mutation ($email: String!) { inviteMember(input: { email: $email }) { invitedBy { id } } }';
    for (const invited of ['joined@example.com', 'pending@example.com'])
      expect(await gone.client.data(invite, { email: invited })).toEqual({
        inviteMember: { invitedBy: { id: gone.userId } },
      });
    const accept =
      'mutation ($input: RegisterWithInvitationInput!) { registerWithInvitation(input: $input) { user { id } } }';
    const token = await platform.mailedToken('joined@example.com', '/invitation');
    await platform.anonymous.data(accept, { input: { token, password: PASSWORD } });
    const inviters = async (): Promise<(string | undefined)[]> => {
      const { activeOrganization, invitations } = await admin.data(
        '{ activeOrganization { members(first: 1) { nodes { invitedBy { id } } } } invitations(first: 2) { nodes { invitedBy { id } } } }',
      );
      const shown: { invitedBy: { id: string } | null }[] = [...activeOrganization.members.nodes, ...invitations.nodes];
      return shown.map(({ invitedBy }) => invitedBy?.id);
    };
    expect(await inviters()).toEqual([gone.userId, gone.userId, gone.userId]);
    await gone.client.data('mutation ($password: String!) { deleteAccount(password: $password) }', {
      password: PASSWORD,
    });

    const fragment = 'fragment U on User { id username displayName createdAt email roles { name } permissions }';
    for (const [field, query] of Object.entries(REFERENCES).filter(([, text]) => text !== '')) {
      const variables = query.includes('$id') ? { id: gone.userId } : {};
      const { data, errors } = await admin.request(`${query} ${fragment}`, variables);
      expect([field, errors]).toEqual([field, []]);
      expect(JSON.stringify(data)).not.toContain('Gone');
    }
    const { auditEntries } = await admin.data(
      'query ($id: ID!) { auditEntries(filter: { actorId: $id }) { nodes { actor { id displayName email } } } }',
      { id: gone.userId },
    );
    expect(auditEntries.nodes.length).toBeGreaterThan(0);
    for (const { actor } of auditEntries.nodes) {
      expect(actor).toEqual({ id: gone.userId, displayName: `deleted-${gone.userId}`, email: null });
    }
    expect(await inviters()).toEqual([undefined, undefined, undefined]);
    expect(await admin.data('query ($id: ID!) { user(id: $id) { id } }', { id: gone.userId })).toEqual({ user: null });
  });
});
