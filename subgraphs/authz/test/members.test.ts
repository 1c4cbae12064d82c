import { randomUUID } from 'node:crypto';
import { NO_ORGANIZATION, tenantVersion, userVersion } from '@platform/auth';
import {
  membershipCreated,
  membershipRemoved,
  organizationErased,
  userCreated,
  userDeleted,
  userRegistered,
} from '@platform/contracts';
import { ABLE, assignRoles, revokeRoles } from './authz-under-test.js';
import {
  admitMember,
  establishOrganization,
  organizationCodes,
  releaseMember,
  useOrganizations,
} from './organizations-under-test.js';

const OF_GUESTS = ['blog.post.read'];
/** The event of a membership that has ended. */
const left = (organizationId: string, userId: string) => ({
  subject: randomUUID(),
  tenantid: organizationId,
  data: { organizationId, userId },
});

describe('an organization', () => {
  const authz = useOrganizations();

  it('begins with the system roles and an administrator, also when that is said twice', async () => {
    const { id, administrator } = await authz.founded();
    const before = await authz.harness.outbox();
    await authz.identityIn(id).data(establishOrganization, { id: administrator });

    const { roles } = await authz.userIn(id).data('{ roles { nodes { name system userCount } } }');
    expect(roles.nodes).toEqual([
      { name: 'admin', system: true, userCount: 1 },
      { name: 'guest', system: true, userCount: 0 },
      { name: 'user', system: true, userCount: 0 },
    ]);
    expect(await authz.codesIn(id, administrator)).toEqual(organizationCodes);
    expect(await authz.harness.outbox()).toEqual(before);
  });

  it('can begin without anybody', async () => {
    const id = randomUUID();
    expect(await authz.identityIn(id).data(establishOrganization)).toEqual({ establishOrganization: true });
    const { roles } = await authz.userIn(id).data('{ roles { nodes { userCount } } }');
    expect(roles.nodes).toEqual([{ userCount: 0 }, { userCount: 0 }, { userCount: 0 }]);
  });

  it('is one of several that somebody may belong to, with other roles in each', async () => {
    const [one, two] = [await authz.founded(), await authz.founded()];
    const { id: roleId } = await authz.newRoleIn(two.id, ['audit.entry.read']);
    await authz.admitted(two.id, [roleId], one.administrator);

    expect(await authz.codesIn(one.id, one.administrator)).toEqual(organizationCodes);
    expect(await authz.codesIn(two.id, one.administrator)).toEqual(['audit.entry.read', ...OF_GUESTS]);
    expect(await authz.codesIn(NO_ORGANIZATION, one.administrator)).toEqual(OF_GUESTS);
  });

  it('is gone with its roles and with who has them once it is erased, and no other is', async () => {
    const [gone, left] = [await authz.founded(), await authz.founded()];
    const member = await authz.admitted(gone.id);
    await authz.admitted(left.id, [], member);
    const [before] = await authz.harness.revocations.read([tenantVersion(gone.id)]);
    await authz.harness.deliver(organizationErased, {
      subject: gone.id,
      tenantid: gone.id,
      data: { organizationId: gone.id },
    });

    for (const table of ['roles', 'role_permissions', 'default_grants', 'assignments'])
      expect(await authz.harness.sql(`SELECT FROM ${table} WHERE tenant_id = $1`, [gone.id])).toEqual([]);
    expect(await authz.rolesOf(member)).toEqual(['user']);
    expect(await authz.harness.revocations.read([tenantVersion(gone.id)])).not.toEqual([before]);
  });

  it('has the grants that a new module gives by default from the next start on', async () => {
    const { id } = await authz.founded();
    const member = await authz.admitted(id);
    for (const table of ['default_grants', 'role_permissions'])
      await authz.harness.sql(`DELETE FROM ${table} WHERE permission = 'blog.comment.create' AND tenant_id = $1`, [id]);
    expect(await authz.codesIn(id, member)).not.toContain('blog.comment.create');

    await Promise.all([1, 2].map(() => authz.services().systemRoles.start()));
    expect(await authz.codesIn(id, member)).toContain('blog.comment.create');
  });
});

describe('a member', () => {
  const authz = useOrganizations();

  it('gets those of the roles that exist, and that of users where there is none', async () => {
    const [own, foreign] = [await authz.founded(), await authz.founded()];
    const role = await authz.newRoleIn(own.id, ['audit.entry.read']);
    const { id: foreignRole } = await authz.newRoleIn(foreign.id, ['audit.entry.read']);

    for (const [roleIds, names] of [
      [[role.id], [role.name]],
      [[role.id, foreignRole, randomUUID(), 'no-id'], [role.name]],
      [[], ['user']],
      [[foreignRole], ['user']],
    ] as const)
      expect(await authz.rolesOf(await authz.admitted(own.id, roleIds))).toEqual(names);
  });

  it('is admitted and released as often as that is said, and each change counts at once and is announced once', async () => {
    const { id } = await authz.founded();
    const member = await authz.admitted(id);
    await authz.admitted(id, [], member);
    expect(await authz.events('platform.role.assigned', member)).toHaveLength(1);

    const [before] = await authz.harness.revocations.read([userVersion(member)]);
    for (let time = 0; time < 2; time += 1)
      expect(await authz.identityIn(id).data(releaseMember, { userId: member })).toEqual({ releaseMember: true });
    expect(await authz.codesIn(id, member)).toEqual(OF_GUESTS);
    expect(await authz.harness.revocations.read([userVersion(member)])).not.toEqual([before]);
    expect(await authz.events('platform.role.revoked', member)).toMatchObject([
      { tenantid: id, data: { name: 'user' } },
    ]);
    expect(await authz.identityIn(id).data(releaseMember, { userId: randomUUID() })).toEqual({ releaseMember: true });
  });

  it('has nothing of an earlier admission that came to nothing', async () => {
    const { id } = await authz.founded();
    const member = await authz.admitted(id, [await authz.roleIn(id, 'admin')]);
    await authz.admitted(id, [], member);
    expect(await authz.rolesOf(member)).toEqual(['user']);
    expect(await authz.codesIn(id, member)).not.toContain('authz.role.assign');
  });

  it('loses the roles of the organization that they leave alone', async () => {
    const [one, two] = [await authz.founded(), await authz.founded()];
    const member = await authz.admitted(one.id);
    await authz.admitted(two.id, [], member);
    authz.members.get(one.id)?.delete(member);
    await authz.harness.deliver(membershipRemoved, left(one.id, member));

    expect(await authz.rolesOf(member, one.id)).toEqual([]);
    expect(await authz.rolesOf(member, two.id)).toEqual(['user']);
  });

  it('keeps the roles of a new admission when the end of an earlier one is heard of late', async () => {
    const { id } = await authz.founded();
    const member = await authz.admitted(id);
    authz.members.get(id)?.delete(member);
    await authz.identityIn(id).data(releaseMember, { userId: member });
    const role = await authz.newRoleIn(id);
    await authz.admitted(id, [role.id], member);
    await authz.harness.deliver(membershipRemoved, left(id, member));

    expect(await authz.rolesOf(member, id)).toEqual([role.name]);
  });

  it('keeps them also when the new admission is not committed as that is heard', async () => {
    const { id } = await authz.founded();
    const member = await authz.admitted(id);
    authz.members.get(id)?.delete(member);
    authz.accounts.set(member, { ...ABLE, changing: true });
    authz.identity.answers = async () => {
      authz.accounts.set(member, ABLE);
      authz.members.get(id)?.add(member);
    };
    await authz.harness.deliver(membershipRemoved, left(id, member));
    delete authz.identity.answers;

    expect(await authz.rolesOf(member, id)).toEqual(['user']);
  });

  it('gets the role of users when an event alone tells of them, and nothing more when they have a role', async () => {
    const { id } = await authz.founded();
    const role = await authz.newRoleIn(id);
    const [told, admitted] = [authz.account(), await authz.admitted(id, [role.id])];
    for (const userId of [told, told, admitted])
      await authz.harness.deliver(membershipCreated, {
        subject: randomUUID(),
        tenantid: id,
        data: { organizationId: id, userId, via: 'invitation' },
      });

    expect(await authz.rolesOf(told)).toEqual(['user']);
    expect(await authz.rolesOf(admitted)).toEqual([role.name]);
  });

  it('is nobody who is deleted', async () => {
    const [one, two] = [await authz.founded(), await authz.founded()];
    const member = await authz.admitted(one.id);
    await authz.admitted(two.id, [], member);
    await authz.harness.deliver(userDeleted, { subject: member, data: { userId: member } });

    expect(await authz.rolesOf(member)).toEqual([]);
    const { extensions } = await authz.identityIn(one.id).error(admitMember, { userId: member, roleIds: [] });
    expect(extensions).toEqual({ code: 'USER_NOT_FOUND' });
    await authz.harness.deliver(membershipCreated, {
      subject: randomUUID(),
      tenantid: one.id,
      data: { organizationId: one.id, userId: member, via: 'invitation' },
    });
    expect(await authz.rolesOf(member)).toEqual([]);
  });

  it('loses the roles of every organization when identity says, asked, that the account is deleted', async () => {
    const [one, two] = [await authz.founded(), await authz.founded()];
    const member = await authz.admitted(one.id);
    await authz.admitted(two.id, [], member);
    authz.accounts.set(member, { ...ABLE, status: 'DELETED', canSignIn: false });
    const refresh = 'query ($userId: ID!) { refreshUserState(userId: $userId) }';
    await authz.identityIn(one.id).data(refresh, { userId: member });
    expect(await authz.rolesOf(member)).toEqual([]);
  });
});

describe('whoCan in an organization', () => {
  const authz = useOrganizations();
  const whoCan = `query ($permission: String!, $first: Int, $after: String) {
    whoCan(permission: $permission, first: $first, after: $after) {
      nodes { user { id } via { name } } totalCount pageInfo { endCursor }
    }
  }`;

  it('names its members for what guests may do, page by page, and members of no other', async () => {
    const { id, administrator } = await authz.founded();
    const role = await authz.newRoleIn(id);
    const members = [administrator];
    for (const roleIds of [[], [role.id], [role.id, await authz.roleIn(id, 'user')]])
      members.push(await authz.admitted(id, roleIds));
    await authz.admitted((await authz.founded()).id);
    await authz.codesIn(id, authz.account()); // known, and no member

    const ask = async (variables: Record<string, unknown>) =>
      (await authz.userIn(id).data(whoCan, { permission: 'blog.post.read', ...variables })).whoCan;
    const ids = ({ nodes }: { nodes: { user: { id: string } }[] }) => nodes.map(({ user }) => user.id);
    const first = await ask({ first: 3 });
    expect(first.totalCount).toBe(4);
    const second = await ask({ first: 3, after: first.pageInfo.endCursor });
    expect([...ids(first), ...ids(second)]).toEqual(members.sort());
    const stranger = [...first.nodes, ...second.nodes].find(({ via }) => via.length === 1);
    expect(stranger.via).toEqual([{ name: 'guest' }]);
  });
});

describe('an account without an organization', () => {
  const authz = useOrganizations();

  it.each([userRegistered, userCreated])('gets no role by $type, nor at first sight', async (event) => {
    const userId = authz.account();
    await authz.harness.deliver(event, { subject: userId, data: { userId } });
    const other = authz.account();
    for (const id of [userId, other]) {
      expect(await authz.codesIn(NO_ORGANIZATION, id)).toEqual(OF_GUESTS);
      expect(await authz.codesIn(authz.harness.tenantId, id)).toEqual(OF_GUESTS);
      expect(await authz.rolesOf(id)).toEqual([]);
    }
  });

  it('is given no role and loses none, as if there was no such user', async () => {
    const { id } = await authz.founded();
    const roleIds = [await authz.roleIn(id, 'user')];
    const [stranger, nobody] = [await authz.admitted((await authz.founded()).id), randomUUID()];
    for (const userId of [stranger, nobody])
      for (const document of [assignRoles, revokeRoles])
        expect((await authz.userIn(id).error(document, { userId, roleIds })).extensions).toEqual({
          code: 'USER_NOT_FOUND',
        });
    expect(await authz.rolesOf(stranger, id)).toEqual([]);
  });

  it('is decided about as if there was no such user', async () => {
    const { id } = await authz.founded();
    const asker = authz.userIn(id);
    const ask = `query ($userId: ID!) {
      authorize(input: { userId: $userId, permission: "blog.post.read" }) { allowed reason }
      _entities(representations: [{ __typename: "User", id: $userId }]) { ... on User { roles { name } permissions } }
    }`;
    const stranger = await authz.admitted((await authz.founded()).id);
    expect(await asker.data(ask, { userId: stranger })).toEqual(await asker.data(ask, { userId: randomUUID() }));

    const member = await authz.admitted(id);
    await asker.data(revokeRoles, { userId: member, roleIds: [await authz.roleIn(id, 'user')] });
    const decided = await asker.data(ask, { userId: member });
    expect(decided).toMatchObject({ authorize: { allowed: true }, _entities: [{ roles: [], permissions: OF_GUESTS }] });
  });
});
