import { randomUUID } from 'node:crypto';
import { anonymousCaller, NO_ORGANIZATION, tenantVersion, userVersion } from '@platform/auth';
import { identityServices } from '@platform/identity';
import { eventually } from '@platform/testkit';
import {
  claimsOf,
  type IdentityUnderTest,
  PASSWORD,
  type SignedIn,
  tokenIn,
  useIdentity,
} from './identity-under-test.js';
import * as operations from './operations.js';
import * as organizations from './organization-operations.js';

const MANAGER = ['identity.organization.manage', 'identity.organization.read'];

const named = (name: string) => `${name} ${randomUUID().slice(0, 8)}`;

/** Makes an organization of the user's own. */
async function made(user: SignedIn, name = 'Acme'): Promise<{ id: string; slug: string; name: string }> {
  const input = { name: named(name) };
  return (await user.client.data(organizations.createOrganization, { input })).createOrganization;
}

const mayActIn = async (identity: IdentityUnderTest, { id, sessionId }: SignedIn, organizationId: string) => {
  const representations = [{ __typename: 'Session', id: sessionId }];
  const client = identity.harness.asUser(id, [], sessionId);
  const { _entities } = await client.data(organizations.actsIn, { representations, id: organizationId });
  return _entities[0].actsIn as boolean;
};

describe('an installation with one organization', () => {
  const identity = useIdentity();

  it('has everybody in it, with tokens that name it', async () => {
    const ada = await identity.signedIn();
    const { tenantId } = identity.harness;
    expect(claimsOf(ada.accessToken)['tenant_id']).toBe(tenantId);
    expect((await ada.client.data(organizations.activeOrganization)).activeOrganization).toMatchObject({
      id: tenantId,
      default: true,
      status: 'ACTIVE',
    });
    expect((await ada.client.data(organizations.myMemberships)).me.memberships).toEqual([
      expect.objectContaining({ status: 'ACTIVE', user: { id: ada.id } }),
    ]);
    expect(await mayActIn(identity, ada, tenantId)).toBe(true);
  });

  it('lets nobody make another', async () => {
    const ada = await identity.signedIn();
    const error = await ada.client.error(organizations.createOrganization, { input: { name: 'Acme' } });
    expect(error.extensions.code).toBe('SINGLE_ORGANIZATION_MODE');
  });

  it('shows its members to who may see users, and nobody who has only registered', async () => {
    const ada = await identity.signedIn();
    const count = async () => {
      const reader = identity.in(identity.harness.tenantId, ada, ['identity.member.read', 'identity.user.read']);
      return (await reader.data('{ activeOrganization { memberCount } }')).activeOrganization.memberCount;
    };
    const before = await count();
    const email = `${randomUUID()}@example.com`;
    await identity.guest().data(operations.register, { input: { email, password: PASSWORD } });
    expect(await count()).toBe(before);
    await identity.registered();
    expect(await count()).toBe(before + 1);
    const user = identity.in(identity.harness.tenantId, ada, ['identity.member.read']);
    const { activeOrganization } = await user.data(
      '{ activeOrganization { memberCount members { nodes { user { username } } } } }',
    );
    expect(activeOrganization).toEqual({ memberCount: null, members: null });
  });

  it('gives the invited roles to who has an account already', async () => {
    const ada = await identity.signedIn();
    const inviter = identity.in(identity.harness.tenantId, ada, ['identity.invitation.create']);
    const member = { input: { email: ada.email } };
    expect((await inviter.error(organizations.inviteMember, member)).extensions.code).toBe('ALREADY_MEMBER');
    const pending = `${randomUUID()}@example.com`;
    await identity.guest().data(operations.register, { input: { email: pending, password: PASSWORD } });
    const { inviteMember: invited } = await inviter.data(organizations.inviteMember, { input: { email: pending } });
    await identity.guest().data(operations.verifyEmail, { token: tokenIn(await identity.mail(pending, 'Verify')) });
    const late = await identity.login(pending);
    const { acceptInvitation } = await late.client.data(organizations.acceptInvitation, { input: { id: invited.id } });
    expect(acceptInvitation.status).toBe('ACTIVE');
  });

  it('ends no membership: accounts are locked or deleted', async () => {
    const ada = await identity.signedIn();
    const bob = await identity.signedIn();
    const administrator = identity.in(identity.harness.tenantId, ada, [
      'identity.member.update',
      'identity.member.remove',
    ]);
    const attempts: [string, object][] = [
      [organizations.removeMember, { userId: bob.id }],
      [organizations.suspendMember, { userId: bob.id, reason: 'Why not' }],
      [organizations.leaveOrganization, { id: identity.harness.tenantId }],
    ];
    for (const [operation, variables] of attempts) {
      const error = await administrator.error(operation, variables as never);
      expect(error.extensions.code).toBe('SINGLE_ORGANIZATION_MODE');
    }
  });

  it('forgets the membership of an account that is deleted', async () => {
    const ada = await identity.signedIn();
    await ada.client.data(operations.deleteAccount, { password: PASSWORD });
    expect(await identity.harness.sql('SELECT FROM memberships WHERE user_id = $1', [ada.id])).toEqual([]);
  });
});

describe('an installation with several organizations', () => {
  const identity = useIdentity({ set: ['tenancy.mode=multi'] });
  const operator = async () => identity.in(identity.harness.tenantId, await identity.signedIn(), MANAGER);

  it('gives who registers an account in none', async () => {
    const ada = await identity.signedIn();
    expect(claimsOf(ada.accessToken)).not.toHaveProperty('tenant_id');
    expect(claimsOf(ada.accessToken)['roles']).toEqual([]);
    expect((await ada.client.data(organizations.activeOrganization)).activeOrganization).toBeNull();
    expect((await ada.client.data(organizations.myMemberships)).me.memberships).toEqual([]);
    expect(await mayActIn(identity, ada, identity.harness.tenantId)).toBe(false);
    expect(await mayActIn(identity, ada, NO_ORGANIZATION)).toBe(false);
  });

  it('makes whoever creates one its first member, with a slug of its name', async () => {
    const ada = await identity.signedIn();
    const acme = await made(ada, 'Crème Brûlée');
    expect(acme).toMatchObject({
      slug: expect.stringMatching(/^creme-brulee-[0-9a-f]{8}$/),
      status: 'ACTIVE',
      default: false,
    });
    expect((await ada.client.data(organizations.myMemberships)).me.memberships).toEqual([
      expect.objectContaining({ organization: { id: acme.id, slug: acme.slug, status: 'ACTIVE' } }),
    ]);
    const events = await identity.harness.outbox();
    const told = events.filter(({ tenantid }) => tenantid === acme.id).map(({ type }) => type);
    expect(told).toEqual(['platform.organization.created', 'platform.membership.created']);
  });

  it('refuses a slug that is taken, and finds another where none was asked for', async () => {
    const ada = await identity.signedIn();
    const slug = `taken-${randomUUID().slice(0, 8)}`;
    const create = (input: object) => ada.client.data(organizations.createOrganization, { input });
    await create({ name: 'One', slug });
    const error = await ada.client.error(organizations.createOrganization, { input: { name: 'Two', slug } });
    expect(error.extensions).toMatchObject({ code: 'CONFLICT', field: 'input.slug' });
    const { createOrganization } = await create({ name: slug });
    expect(createOrganization.slug).toMatch(new RegExp(`^${slug}-[0-9a-f]{6}$`));
  });

  it.each([
    [{ name: '' }, 'input.name'],
    [{ name: 'x'.repeat(101) }, 'input.name'],
    [{ name: 'Visit https://evil.example' }, 'input.name'],
    [{ name: 'A', slug: 'ab' }, 'input.slug'],
    [{ name: 'A', slug: 'Upper' }, 'input.slug'],
    [{ name: 'A', slug: 'two--hyphens' }, 'input.slug'],
    [{ name: 'A', slug: 'www' }, 'input.slug'],
    [{ name: 'A', slug: '01900000-0000-7000-8000-000000000001' }, 'input.slug'],
    [{ name: 'A', slug: 'x'.repeat(51) }, 'input.slug'],
  ])('refuses %j', async (input, field) => {
    const ada = await identity.signedIn();
    const error = await ada.client.error(organizations.createOrganization, { input });
    expect(error.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: { [field]: expect.any(String) } });
  });

  it('bounds how many one user makes', async () => {
    const ada = await identity.signedIn();
    for (let count = 0; count < 10; count += 1) await made(ada);
    const error = await ada.client.error(organizations.createOrganization, { input: { name: 'One more' } });
    expect(error.extensions).toMatchObject({ code: 'LIMIT_REACHED', limit: 10 });
  });

  it('lets a session act where its user belongs, and begins the next one there', async () => {
    const ada = await identity.signedIn();
    const first = await made(ada);
    const second = await made(ada);

    const { switchOrganization } = await ada.client.data(organizations.switchOrganization, { id: second.id });

    expect(switchOrganization.organization).toEqual({ id: second.id });
    const claims = claimsOf(switchOrganization.accessToken);
    expect(claims).toMatchObject({ tenant_id: second.id, sid: ada.sessionId });
    const { refreshToken } = switchOrganization;
    const again = await identity.guest().data(organizations.refreshInto, { refreshToken });
    expect(claimsOf(again.refreshToken.accessToken)['tenant_id']).toBe(second.id);
    const tab = { refreshToken: again.refreshToken.refreshToken, id: first.id };
    const other = await identity.guest().data(organizations.refreshInto, tab);
    expect(claimsOf(other.refreshToken.accessToken)['tenant_id']).toBe(first.id);
    expect(claimsOf((await identity.login(ada.email)).accessToken)['tenant_id']).toBe(second.id);
  });

  it('tells its administrators when a member last acted there, to the hour', async () => {
    const ada = await identity.signedIn();
    const { id } = await made(ada);
    const lastActive = async () => {
      const reader = identity.in(id, ada, ['identity.member.read']);
      const { organization } = await reader.data(organizations.members, { id });
      return organization.members.nodes[0].lastActiveAt as string | null;
    };
    expect(await lastActive()).toBeNull();
    const before = identity.harness.clock.now();
    await identity.login(ada.email);
    expect(await lastActive()).toBe(`${before.toISOString().slice(0, 13)}:00:00.000Z`);
  });

  it.each([
    ['a moment later, as by another tab', 1_000, 'INVALID_REFRESH_TOKEN', true],
    ['later, as by whoever has a copy', 11_000, 'REFRESH_TOKEN_REUSED', false],
  ])('takes no refresh token from before a switch %s', async (_when, after, code, alive) => {
    const ada = await identity.signedIn();
    const { id } = await made(ada);
    const { switchOrganization } = await ada.client.data(organizations.switchOrganization, { id });
    identity.harness.clock.advance(after);
    const error = await identity.guest().error(operations.refresh, { refreshToken: ada.refreshToken });
    expect(error.extensions.code).toBe(code);
    expect(await identity.isAlive(ada)).toBe(alive);
    if (alive) await identity.guest().data(operations.refresh, { refreshToken: switchOrganization.refreshToken });
  });

  it('makes one organization under an idempotency key', async () => {
    const ada = await identity.signedIn();
    const input = { name: named('Once') };
    const client = identity.harness.as(ada.client.caller, { 'idempotency-key': randomUUID() });
    const first = await client.data(organizations.createOrganization, { input });
    expect(await client.data(organizations.createOrganization, { input })).toEqual(first);
    expect((await ada.client.data(organizations.myMemberships)).me.memberships).toHaveLength(1);
  });

  it('tells the log of no organization what becomes of accounts', async () => {
    const ada = await identity.signedIn();
    const { id } = await made(ada);
    const named = identity.harness.as(anonymousCaller(id));
    const failed = { input: { email: ada.email, password: 'a wrong password' } };
    expect((await named.error(operations.login, failed)).extensions.code).toBe('INVALID_CREDENTIALS');
    await named.data(operations.requestReset, { email: ada.email });
    await named.data(operations.register, { input: { email: ada.email, password: PASSWORD } });
    const told = (await identity.harness.outbox()).filter(({ tenantid }) => tenantid === id);
    expect(told.map(({ type }) => type)).toEqual(['platform.organization.created', 'platform.membership.created']);
  });

  it('is suspended again when it is restored, if it was', async () => {
    const ada = await identity.signedIn();
    const { id } = await made(ada);
    const by = await operator();
    await by.data(organizations.suspendOrganization, { id, reason: 'Unpaid' });
    await by.data(organizations.suspendOrganization, { id, reason: 'Abuse' });
    await by.data(organizations.deleteOrganization, { id });
    for (const operation of [organizations.suspendOrganization, organizations.reactivateOrganization])
      expect((await by.error(operation, { id, reason: 'x' } as never)).extensions.code).toBe('CONFLICT');
    const { restoreOrganization } = await by.data(organizations.restoreOrganization, { id });
    expect(restoreOrganization).toMatchObject({ status: 'SUSPENDED', suspensionReason: 'Abuse', deletesAt: null });
  });

  it('knows of no organization that the caller does not belong to', async () => {
    const ada = await identity.signedIn();
    const bob = await identity.signedIn();
    const { id, slug } = await made(ada);
    expect((await bob.client.data(organizations.organizationById, { id })).organization).toBeNull();
    for (const foreign of [id, randomUUID(), 'nonsense']) {
      for (const operation of [organizations.switchOrganization, organizations.leaveOrganization]) {
        const error = await bob.client.error(operation, { id: foreign });
        expect(error.extensions.code).toBe('ORGANIZATION_NOT_FOUND');
      }
      const tab = { refreshToken: bob.refreshToken, id: foreign };
      const error = await identity.guest().error(organizations.refreshInto, tab);
      expect(error.extensions.code).toBe('ORGANIZATION_NOT_FOUND');
    }
    // What was asked for in vain has cost no token.
    await identity.guest().data(operations.refresh, { refreshToken: bob.refreshToken });
    const mayChange = identity.in(bob.id, bob, ['identity.organization.update', 'identity.organization.delete']);
    const changes: [string, object][] = [
      [organizations.updateOrganization, { id, input: { name: 'Mine' } }],
      [organizations.deleteOrganization, { id }],
    ];
    for (const [operation, variables] of changes)
      expect((await mayChange.error(operation, variables as never)).extensions.code).toBe('ORGANIZATION_NOT_FOUND');
    expect((await (await operator()).data(organizations.organizationById, { id })).organization.slug).toBe(slug);
  });

  it('changes its name and slug for who may, and tells what changed', async () => {
    const ada = await identity.signedIn();
    const { id } = await made(ada);
    const administrator = identity.in(id, ada, ['identity.organization.update']);
    const slug = `renamed-${randomUUID().slice(0, 8)}`;
    const { updateOrganization } = await administrator.data(organizations.updateOrganization, {
      id,
      input: { name: 'Renamed', slug },
    });
    expect(updateOrganization).toMatchObject({ name: 'Renamed', slug });
    expect(await identity.events('platform.organization.updated', id)).toEqual([
      expect.objectContaining({ data: { organizationId: id, fields: ['name', 'slug'] } }),
    ]);
  });

  it('ends access at once when it is suspended, until it is not', async () => {
    const ada = await identity.signedIn();
    const { id } = await made(ada);
    const { switchOrganization } = await ada.client.data(organizations.switchOrganization, { id });
    const stamp = async () => (await identity.harness.revocations.read([tenantVersion(id)]))[0];
    const before = await stamp();

    await (await operator()).data(organizations.suspendOrganization, { id, reason: 'Unpaid' });

    expect(await stamp()).not.toBe(before);
    expect(await mayActIn(identity, ada, id)).toBe(false);
    const error = await ada.client.error(organizations.switchOrganization, { id });
    expect(error.extensions).toMatchObject({ code: 'ORGANIZATION_SUSPENDED', reason: 'Unpaid' });
    const refreshed = await identity
      .guest()
      .data(operations.refresh, { refreshToken: switchOrganization.refreshToken });
    expect(claimsOf(refreshed.refreshToken.accessToken)).not.toHaveProperty('tenant_id');
    expect((await ada.client.data(organizations.organizationById, { id })).organization).toMatchObject({
      status: 'SUSPENDED',
      suspensionReason: 'Unpaid',
    });

    await (await operator()).data(organizations.reactivateOrganization, { id });
    expect(await mayActIn(identity, ada, id)).toBe(true);
  });

  it('can be deleted and brought back for a time, and then is erased', async () => {
    const ada = await identity.signedIn();
    const { id } = await made(ada);
    const administrator = identity.in(id, ada, ['identity.organization.delete']);
    const { deleteOrganization } = await administrator.data(organizations.deleteOrganization, { id });
    expect(Date.parse(deleteOrganization.deletesAt) - Date.parse(deleteOrganization.updatedAt)).toBe(30 * 86_400_000);
    expect(await mayActIn(identity, ada, id)).toBe(false);

    await (await operator()).data(organizations.restoreOrganization, { id });
    expect(await mayActIn(identity, ada, id)).toBe(true);

    await administrator.data(organizations.deleteOrganization, { id });
    const { organizationErasure: erasure } = identityServices(identity.infrastructure());
    await erasure.eraseDue();
    expect((await (await operator()).data(organizations.organizationById, { id })).organization.status).toBe('DELETED');
    identity.harness.clock.advance(30 * 86_400_000 + 1);
    await Promise.all([erasure.eraseDue(), erasure.eraseDue()]);

    expect((await (await operator()).data(organizations.organizationById, { id })).organization).toBeNull();
    expect((await (await operator()).error(organizations.restoreOrganization, { id })).extensions.code).toBe(
      'ORGANIZATION_NOT_FOUND',
    );
    expect(await identity.harness.sql('SELECT FROM memberships WHERE tenant_id = $1', [id])).toEqual([]);
    expect(await identity.events('platform.organization.erased', id)).toHaveLength(1);
  });

  it('keeps its default organization', async () => {
    const id = identity.harness.tenantId;
    for (const operation of [organizations.deleteOrganization, organizations.suspendOrganization]) {
      const error = await (await operator()).error(operation, { id, reason: 'Why not' } as never);
      expect(error.extensions.code).toBe('DEFAULT_ORGANIZATION');
    }
  });

  it('lets operators make one for somebody, who is invited as its administrator', async () => {
    const input = { name: named('Sold'), ownerEmail: `${randomUUID()}@example.com` };
    const ada = await identity.signedIn();
    expect((await ada.client.error(organizations.createOrganization, { input })).extensions.code).toBe(
      'ORGANIZATION_CREATION_RESTRICTED',
    );
    const { createOrganization } = await (await operator()).data(organizations.createOrganization, { input });
    expect(createOrganization.status).toBe('ACTIVE');
    expect((await identity.mail(input.ownerEmail, 'Join Sold')).text).toContain('/invitation?token=');
  });

  it('lists every one to operators', async () => {
    const ada = await identity.signedIn();
    const { id, name } = await made(ada, 'Findable');
    const search = name.slice(-8);
    const found = await (await operator()).data(organizations.organizations, { filter: { search } });
    expect(found.organizations).toEqual({ nodes: [expect.objectContaining({ id })], totalCount: 1 });
    const error = await (await operator()).error(organizations.organizations, { filter: { search: 'x' } });
    expect(error.extensions.code).toBe('BAD_USER_INPUT');
    expect((await ada.client.error(organizations.organizations, {})).extensions.code).toBe(
      'UNAUTHORIZED_FIELD_OR_TYPE',
    );
  });

  it('answers the router by slug and by id, and nobody else', async () => {
    const ada = await identity.signedIn();
    const { id, slug } = await made(ada);
    const router = identity.harness.asService('router');
    const idOf = async (name: string) =>
      (await router.data(organizations.organizationNamed, { name })).organizationNamed;
    expect([await idOf(slug), await idOf(id), await idOf('unknown')]).toEqual([id, id, null]);
    await (await operator()).data(organizations.suspendOrganization, { id, reason: 'Unpaid' });
    expect([await idOf(slug), await idOf(id)]).toEqual([null, null]);
    expect((await ada.client.error(organizations.organizationNamed, { name: slug })).extensions.code).toBe(
      'UNAUTHORIZED_FIELD_OR_TYPE',
    );
  });

  it('shows a user to members of the same organization alone', async () => {
    const ada = await identity.signedIn();
    const bob = await identity.signedIn();
    const { id } = await made(ada);
    const administrator = identity.in(id, ada, ['identity.user.read']);
    const { users } = await administrator.data(operations.users, {});
    expect(users).toMatchObject({ nodes: [{ id: ada.id }], totalCount: 1 });
    const searched = await administrator.data(operations.users, { filter: { search: bob.username } });
    expect(searched.users.nodes).toEqual([]);
    expect((await administrator.data(operations.user, { id: bob.id })).user).toBeNull();
    expect((await administrator.data(operations.userByEmail, { email: bob.email })).userByEmail).toBeNull();
    const representations = [{ __typename: 'User', id: bob.id }];
    const { _entities } = await administrator.data(operations.userReferences, { representations });
    expect(_entities).toEqual([expect.objectContaining({ username: bob.username, email: null, status: null })]);
    const all = identity.in(id, ada, ['identity.user.read', 'identity.user.read_all']);
    expect((await all.data(operations.user, { id: bob.id })).user.email).toBe(bob.email);
  });

  it('takes a membership back at once', async () => {
    const ada = await identity.signedIn();
    const { id } = await made(ada);
    const before = await identity.harness.revocations.read([userVersion(ada.id)]);
    await ada.client.data(organizations.leaveOrganization, { id });
    expect(await identity.harness.revocations.read([userVersion(ada.id)])).not.toEqual(before);
    expect(await mayActIn(identity, ada, id)).toBe(false);
  });
});

describe('an installation in which everybody gets an organization of their own', () => {
  const identity = useIdentity({ set: ['tenancy.mode=multi', 'tenancy.onRegistration=personal'] });

  it('makes it once the address is verified, named after its owner', async () => {
    const { email } = await identity.registered({ firstName: 'Ada', lastName: 'Lovelace' });
    const ada = await eventually(async () => {
      const signedIn = await identity.login(email);
      expect(claimsOf(signedIn.accessToken)).toHaveProperty('tenant_id');
      return signedIn;
    });
    expect((await ada.client.data(organizations.activeOrganization)).activeOrganization).toMatchObject({
      name: 'Ada Lovelace',
      slug: 'ada-lovelace',
    });
    expect((await ada.client.data(organizations.myMemberships)).me.memberships).toHaveLength(1);
  });
});
