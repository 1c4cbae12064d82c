import { randomUUID } from 'node:crypto';
import { assignRoles, everyCode, revokeRoles, useAuthz } from './authz-under-test.js';

describe('roles of a user', () => {
  const authz = useAuthz();
  const refused = async (document: string, userId: string, ...roleIds: string[]) =>
    (await authz.admin().error(document, { userId, roleIds })).extensions;

  it('are assigned and revoked, seen in the answer, and announced one by one', async () => {
    const userId = await authz.registered();
    const [first, second] = [await authz.newRole(['blog.post.moderate']), await authz.newRole()];
    const roleIds = [first.id, second.id];

    const { assignRoles: user } = await authz
      .admin()
      .data(
        'mutation ($userId: ID!, $roleIds: [ID!]!) { assignRoles(userId: $userId, roleIds: $roleIds) { id roles { name } permissions } }',
        { userId, roleIds },
      );
    expect(user.roles.map(({ name }: { name: string }) => name)).toEqual([first.name, second.name, 'user'].sort());
    expect(user.permissions).toContain('blog.post.moderate');
    expect(await authz.events('platform.role.assigned', first.id)).toMatchObject([
      { actor: authz.admin().caller.userId, data: { userId, roleId: first.id, name: first.name } },
    ]);
    expect(await authz.events('platform.role.assigned', second.id)).toHaveLength(1);

    await authz.admin().data(revokeRoles, { userId, roleIds: [first.id] });
    expect(await authz.permissionsOf(userId)).not.toContain('blog.post.moderate');
    expect(await authz.events('platform.role.revoked', userId)).toMatchObject([
      { subject: first.id, data: { userId } },
    ]);
  });

  it('show what each of several changes in one operation has made of them', async () => {
    const userId = await authz.registered();
    const { id, name } = await authz.newRole();

    const { given, taken } = await authz.admin().data(
      `mutation ($userId: ID!, $roleIds: [ID!]!) {
        given: assignRoles(userId: $userId, roleIds: $roleIds) { roles { name } }
        taken: revokeRoles(userId: $userId, roleIds: $roleIds) { roles { name } }
      }`,
      { userId, roleIds: [id] },
    );
    expect(given.roles).toContainEqual({ name });
    expect(taken.roles).toEqual([{ name: 'user' }]);
  });

  it('can be assigned and revoked again without an event', async () => {
    const userId = await authz.registered();
    const { id } = await authz.newRole();

    await authz.admin().data(revokeRoles, { userId, roleIds: [id] });
    await authz.assign(userId, id);
    await authz.assign(userId, id, id);

    expect(await authz.events('platform.role.assigned', id)).toHaveLength(1);
    expect(await authz.events('platform.role.revoked', id)).toEqual([]);
  });

  it('are given only by those who hold everything that they permit', async () => {
    const userId = await authz.registered();
    const role = await authz.newRole(['blog.post.read', 'identity.user.delete']);
    const assigner = authz.harness.asUser(randomUUID(), ['authz.role.assign', 'blog.post.read']);

    const { extensions } = await assigner.error(assignRoles, { userId, roleIds: [role.id] });
    expect(extensions).toEqual({ code: 'PERMISSION_NOT_HELD', permissions: ['identity.user.delete'] });
    const admin = await authz.role('admin');
    expect((await assigner.error(assignRoles, { userId, roleIds: [admin.id] })).extensions['code']).toBe(
      'PERMISSION_NOT_HELD',
    );
    expect(await authz.permissionsOf(userId)).not.toContain('identity.user.delete');
  });

  it.each([randomUUID(), 'no-id'])('need a user that authz knows, unlike "%s"', async (userId) => {
    const { id } = await authz.newRole();
    expect(await refused(assignRoles, userId, id)).toEqual({ code: 'USER_NOT_FOUND' });
    expect(await refused(revokeRoles, userId, id)).toEqual({ code: 'USER_NOT_FOUND' });
  });

  it.each([randomUUID(), 'no-id'])('change all together or not at all: "%s" is no role', async (unknown) => {
    const userId = await authz.registered();
    const { id } = await authz.newRole();

    expect(await refused(assignRoles, userId, id, unknown)).toEqual({ code: 'ROLE_NOT_FOUND' });
    expect(await refused(revokeRoles, userId, id, unknown)).toEqual({ code: 'ROLE_NOT_FOUND' });
    expect(await authz.events('platform.role.assigned', id)).toEqual([]);
  });

  it('count their users', async () => {
    const role = await authz.newRole();
    for (const userId of [await authz.registered(), await authz.registered()]) await authz.assign(userId, role.id);

    const { role: counted } = await authz
      .admin()
      .data('query ($id: ID!) { role(id: $id) { userCount } }', { id: role.id });
    expect(counted.userCount).toBe(2);
  });

  it('are the same whichever case the ids are written in', async () => {
    const userId = await authz.registered();
    const { id } = await authz.newRole(['audit.entry.read']);
    await authz.assign(userId.toUpperCase(), id.toUpperCase());
    expect(await authz.permissionsOf(userId)).toContain('audit.entry.read');
  });
});

describe('the last administrator', () => {
  const authz = useAuthz();

  it('stays one, and one of two that are taken away at once stays too', async () => {
    const [one, two] = [await authz.registered(), await authz.registered()];
    const { id } = await authz.role('admin');
    await authz.services().assignments.ensureAdministrator(one);
    const alone = await authz.admin().error(revokeRoles, { userId: one, roleIds: [id] });
    expect(alone.extensions).toEqual({ code: 'LAST_ADMINISTRATOR' });

    for (let round = 0; round < 10; round += 1) {
      await authz.assign(one, id);
      await authz.assign(two, id);
      const outcomes = await Promise.all(
        [one, two].map((userId) => authz.admin().request(revokeRoles, { userId, roleIds: [id] })),
      );
      const codes = outcomes.map(({ errors }) => errors?.[0]?.extensions?.['code'] ?? 'revoked');
      expect(codes.sort()).toEqual(['LAST_ADMINISTRATOR', 'revoked']);
    }
  });

  it('is made by the platform itself, once, also out of a user that authz has not heard of', async () => {
    const userId = randomUUID();
    const ensure = () => authz.services().assignments.ensureAdministrator(userId);
    await Promise.all([ensure(), ensure()]);
    await ensure();

    expect(await authz.permissionsOf(userId)).toEqual(everyCode);
    const assigned = await authz.events('platform.role.assigned', userId);
    expect(assigned.map(({ data }) => data['name']).sort()).toEqual(['admin', 'user']);
    expect(assigned.every(({ actor }) => actor === undefined)).toBe(true);
  });
});
