import { randomUUID } from 'node:crypto';
import { eventually, type GraphQLClient } from '@platform/testkit';
import { describeInBothTopologies, type JourneyPlatform } from './both-topologies.js';
import { EmbeddedPlatform } from './embedded-platform.js';
import { Session } from './session.js';

const PASSWORD = 'analytical engine 1843';
const TENANCY = { TENANCY_MODE: 'multi', ROUTER_RATE_LIMIT_ENABLED: 'false' };

const CREATE = 'mutation ($input: CreateOrganizationInput!) { createOrganization(input: $input) { id slug } }';
const SWITCH = 'mutation ($id: ID!) { switchOrganization(id: $id) { accessToken organization { id } } }';
const INVITE = 'mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { id status roles { id name } } }';
const ACCEPT =
  'mutation ($input: InvitationAnswerInput!) { acceptInvitation(input: $input) { status roles { name } organization { id } } }';
const JOIN =
  'mutation ($input: RegisterWithInvitationInput!) { registerWithInvitation(input: $input) { accessToken user { id } organization { id } } }';
const POST = 'mutation ($input: CreatePostInput!) { createPost(input: $input) { id title author { displayName } } }';
const POSTS = '{ posts(filter: { status: DRAFT }) { nodes { title } } myPermissions activeOrganization { id } }';
const ME = '{ me { memberships { status organization { id name } roles { name } } } myPermissions }';

function journeys(platform: () => JourneyPlatform): void {
  const anonymous = () => platform().anonymous();
  const address = () => `${randomUUID()}@example.com`;

  async function signedUp(email = address()): Promise<Session> {
    await anonymous().data('mutation ($input: RegisterInput!) { register(input: $input) { accepted } }', {
      input: { email, password: PASSWORD },
    });
    const token = await platform().mailed(email, '/verify-email');
    await anonymous().data('mutation ($token: String!) { verifyEmail(token: $token) }', { token });
    return Session.signIn(anonymous(), email, PASSWORD);
  }
  /** An organization that the user has made, and the user acting in it. */
  async function founded(user: Session, name: string): Promise<{ id: string; client: GraphQLClient }> {
    const input = { name: `${name} ${randomUUID().slice(0, 8)}` };
    const { id } = (await user.client.data(CREATE, { input })).createOrganization;
    return { id, client: await acting(user.client, id) };
  }
  async function acting(client: GraphQLClient, id: string): Promise<GraphQLClient> {
    const { switchOrganization } = await client.data(SWITCH, { id });
    expect(switchOrganization.organization.id).toBe(id);
    return anonymous().withToken(switchOrganization.accessToken);
  }

  it('lets a person who belongs to two organizations switch, and keeps them apart', async () => {
    const ada = await signedUp();
    expect((await ada.client.data(ME)).me.memberships).toEqual([]);
    expect((await ada.client.request(POST, { input: { title: 'Nowhere', content: 'x' } })).errors).toHaveLength(1);
    const acme = await founded(ada, 'Acme');
    const umbrella = await founded(ada, 'Umbrella');
    await acme.client.data(POST, { input: { title: 'For Acme', content: 'x', slug: 'news' } });
    await umbrella.client.data(POST, { input: { title: 'For Umbrella', content: 'x', slug: 'news' } });
    const titles = async (client: GraphQLClient) =>
      (await client.data(POSTS)).posts.nodes.map(({ title }: { title: string }) => title);
    expect(await titles(acme.client)).toEqual(['For Acme']);
    expect(await titles(umbrella.client)).toEqual(['For Umbrella']);
    const { me, myPermissions } = await umbrella.client.data(ME);
    expect(me.memberships.map(({ roles }: { roles: { name: string }[] }) => roles.map(({ name }) => name))).toEqual([
      ['admin'],
      ['admin'],
    ]);
    expect(myPermissions).toContain('identity.member.remove');
    expect(myPermissions).not.toContain('identity.organization.manage');
    expect(myPermissions).not.toContain('identity.user.delete');
  });

  it('invites a newcomer, who has an account, a membership and its roles at once', async () => {
    const acme = await founded(await signedUp(), 'Acme');
    const { createRole } = await acme.client.data(
      'mutation { createRole(input: { name: "editor", permissions: ["blog.post.moderate"] }) { id } }',
    );
    const email = address();
    const { inviteMember } = await acme.client.data(INVITE, { input: { email, roleIds: [createRole.id] } });
    expect(inviteMember).toMatchObject({ status: 'PENDING', roles: [{ name: 'editor' }] });
    const token = await platform().mailed(email, '/invitation');
    const { registerWithInvitation } = await anonymous().data(JOIN, { input: { token, password: PASSWORD } });
    expect(registerWithInvitation.organization.id).toBe(acme.id);
    const newcomer = anonymous().withToken(registerWithInvitation.accessToken);
    const { me, myPermissions } = await newcomer.data(ME);
    expect(myPermissions).toContain('blog.post.moderate');
    expect(me.memberships).toEqual([
      { status: 'ACTIVE', organization: { id: acme.id, name: expect.any(String) }, roles: [{ name: 'editor' }] },
    ]);
  });

  it('invites somebody who has an account, and removes them at once', async () => {
    const acme = await founded(await signedUp(), 'Acme');
    const email = address();
    const bob = await signedUp(email);
    await acme.client.data(INVITE, { input: { email } });
    const { myInvitations } = await bob.client.data('{ myInvitations { id organization { id } } }');
    expect(myInvitations[0].organization.id).toBe(acme.id);
    const { acceptInvitation } = await bob.client.data(ACCEPT, { input: { id: myInvitations[0].id } });
    expect(acceptInvitation).toMatchObject({ status: 'ACTIVE', roles: [{ name: 'user' }] });
    const member = await acting(bob.client, acme.id);
    expect((await member.data(POSTS)).activeOrganization.id).toBe(acme.id);

    await acme.client.data('mutation ($userId: ID!) { removeMember(userId: $userId) }', { userId: bob.userId });

    const after = await member.data('{ me { id } myPermissions activeOrganization { id } }');
    expect(after).toEqual({ me: { id: bob.userId }, myPermissions: ['blog.post.read'], activeOrganization: null });
    expect((await member.request(POST, { input: { title: 'Late', content: 'x' } })).errors).toHaveLength(1);
  });

  it('refuses the last administrator each way out', async () => {
    const ada = await signedUp();
    const acme = await founded(ada, 'Acme');
    const { roleByName } = await acme.client.data('{ roleByName(name: "admin") { id } }');
    const operator = await platform().signInAsAdministrator();
    const ways: [GraphQLClient, string, Record<string, unknown>][] = [
      [acme.client, 'mutation ($userId: ID!) { removeMember(userId: $userId) }', { userId: ada.userId }],
      [
        acme.client,
        'mutation ($userId: ID!) { suspendMember(userId: $userId, reason: "x") { status } }',
        { userId: ada.userId },
      ],
      [acme.client, 'mutation ($id: ID!) { leaveOrganization(id: $id) }', { id: acme.id }],
      [
        acme.client,
        'mutation ($id: ID!, $roles: [ID!]!) { revokeRoles(userId: $id, roleIds: $roles) { id } }',
        { id: ada.userId, roles: [roleByName.id] },
      ],
      [acme.client, 'mutation ($password: String!) { deleteAccount(password: $password) }', { password: PASSWORD }],
      [operator.client, 'mutation ($id: ID!) { deleteUser(id: $id) }', { id: ada.userId }],
    ];
    for (const [client, way, variables] of ways)
      expect(await client.codes(way, variables)).toEqual(['LAST_ADMINISTRATOR']);

    // An organization protects nobody from the operators: its last administrator is locked, and deleted once nobody acts in it.
    await operator.client.data('mutation ($id: ID!) { lockUser(id: $id, reason: "x") { id } }', { id: ada.userId });
    await operator.client.data('mutation ($id: ID!) { suspendOrganization(id: $id, reason: "x") { id } }', {
      id: acme.id,
    });
    await operator.client.data('mutation ($id: ID!) { deleteUser(id: $id) }', { id: ada.userId });
  });

  it('suspends, deletes and restores an organization at once, for operators', async () => {
    const ada = await signedUp();
    const acme = await founded(ada, 'Acme');
    const operator = await platform().signInAsAdministrator();
    const here = async () => (await acme.client.data('{ activeOrganization { id } }')).activeOrganization?.id;
    const by = (mutation: string) =>
      operator.client.data(`mutation ($id: ID!) { ${mutation} { status } }`, { id: acme.id });
    await by('suspendOrganization(id: $id, reason: "Unpaid")');
    expect(await here()).toBeUndefined();
    await by('reactivateOrganization(id: $id)');
    expect(await here()).toBe(acme.id);
    await acme.client.data('mutation ($id: ID!) { deleteOrganization(id: $id) { deletesAt } }', { id: acme.id });
    expect(await here()).toBeUndefined();
    await by('restoreOrganization(id: $id)');
    expect(await here()).toBe(acme.id);
  });

  it('shows an organization its own audit log alone', async () => {
    const acme = await founded(await signedUp(), 'Acme');
    const umbrella = await founded(await signedUp(), 'Umbrella');
    await acme.client.data(INVITE, { input: { email: address() } });
    const actions = async (client: GraphQLClient) => {
      const { auditEntries } = await client.data('{ auditEntries(first: 50) { nodes { action } } }');
      return auditEntries.nodes.map(({ action }: { action: string }) => action);
    };
    await eventually(async () => expect(await actions(acme.client)).toContain('platform.invitation.created'));
    await eventually(async () => expect(await actions(umbrella.client)).toContain('platform.organization.created'));
    expect(await actions(umbrella.client)).not.toContain('platform.invitation.created');
  });
}

describeInBothTopologies('organizations', TENANCY, journeys);

describe('an installation that goes over to several organizations', () => {
  it('has everybody in the default one, with what they have and may', async () => {
    let platform = await EmbeddedPlatform.start();
    try {
      const ada = await platform.signUp('ada@example.com', PASSWORD);
      await ada.client.data(POST, { input: { title: 'From before', content: 'x' } });
      const before = await ada.client.data(ME);
      await platform.process.end();

      platform = await EmbeddedPlatform.start({ directory: platform.directory, env: TENANCY });
      const again = await platform.signIn('ada@example.com', PASSWORD);
      expect(await again.client.data(ME)).toEqual(before);
      const drafts = await again.client.data(
        `query ($id: ID!) { posts(filter: { authorId: $id, status: DRAFT }) { nodes { title } } }`,
        { id: again.userId },
      );
      expect(drafts.posts.nodes).toEqual([{ title: 'From before' }]);
      const { createOrganization } = await again.client.data(CREATE, { input: { name: 'Acme' } });
      await again.client.data(SWITCH, { id: createOrganization.id });
      const administrator = await platform.signInAsAdministrator();
      const { organizations } = await administrator.client.data('{ organizations { nodes { slug } totalCount } }');
      expect(organizations).toEqual({ nodes: [{ slug: 'acme' }, { slug: 'default' }], totalCount: 2 });
    } finally {
      await platform.stop();
    }
  });
});
