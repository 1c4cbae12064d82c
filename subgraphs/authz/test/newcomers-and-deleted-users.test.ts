import { randomUUID } from 'node:crypto';
import { userCreated, userDeleted, userRegistered } from '@platform/contracts';
import { runSetting } from '@platform/testkit';
import { assignRoles, revokeRoles, useAuthz, userByReference } from './authz-under-test.js';

/** How often each race is run. */
const ROUNDS = runSetting('RACE_ROUNDS', 15);

describe('a newcomer', () => {
  const authz = useAuthz();
  const announced = (userId: string, event = userRegistered) =>
    authz.harness.deliver(event, { subject: userId, data: { userId } });
  const assignmentsOf = async (userId: string) =>
    (await authz.events('platform.role.assigned', userId)).map(({ data }) => data['name']);

  it.each([userRegistered, userCreated])('gets the role user, once, when $type arrives, also twice', async (event) => {
    const userId = randomUUID();
    await announced(userId, event);
    await announced(userId, event);

    expect(await assignmentsOf(userId)).toEqual(['user']);
    expect(await authz.permissionsOf(userId)).toContain('blog.post.create');
  });

  it('gets it at first sight, and the event that comes later changes nothing', async () => {
    const userId = randomUUID();
    expect(await authz.permissionsOf(userId)).toContain('blog.post.create');
    await announced(userId);

    expect(await assignmentsOf(userId)).toEqual(['user']);
  });

  it('gets it at first sight by reference too', async () => {
    const userId = randomUUID();
    const { _entities } = await authz.harness.asUser(userId).data(userByReference, { id: userId });

    expect(_entities[0].roles).toEqual([{ name: 'user' }]);
    expect(await assignmentsOf(userId)).toEqual(['user']);
  });

  it('gets it once when they and the event come at the same time', async () => {
    for (let round = 0; round < 10; round += 1) {
      const userId = randomUUID();
      const [seen] = await Promise.all([authz.permissionsOf(userId), authz.permissionsOf(userId), announced(userId)]);
      expect(seen).toContain('blog.post.create');
      expect(await assignmentsOf(userId)).toEqual(['user']);
    }
  });

  it('does not get it again when an administrator took it before the event came', async () => {
    const userId = randomUUID();
    await authz.permissionsOf(userId);
    await authz.admin().data(revokeRoles, { userId, roleIds: [(await authz.role('user')).id] });
    await announced(userId);

    expect(await authz.permissionsOf(userId)).toEqual(['blog.post.read']); // what guests hold
  });

  it('is not made of somebody else’s look at them', async () => {
    const userId = randomUUID();
    const { _entities } = await authz.admin().data(userByReference, { id: userId });

    expect(_entities[0]).toMatchObject({ roles: [], permissions: [] });
    expect(await assignmentsOf(userId)).toEqual([]);
  });
});

describe('a deleted user', () => {
  const authz = useAuthz();
  const deleted = (userId: string) => authz.harness.deliver(userDeleted, { subject: userId, data: { userId } });

  it('holds nothing any more and does not come back', async () => {
    const userId = await authz.registered();
    const role = await authz.newRole(['audit.entry.read']);
    await authz.assign(userId, role.id);
    await deleted(userId);

    expect(await authz.permissionsOf(userId)).toEqual([]);
    await authz.harness.deliver(userRegistered, { subject: userId, data: { userId } });
    expect(await authz.permissionsOf(userId)).toEqual([]);
    const { extensions } = await authz.admin().error(assignRoles, { userId, roleIds: [role.id] });
    expect(extensions).toEqual({ code: 'USER_NOT_FOUND' });
    await expect(authz.services().assignments.ensureAdministrator(userId)).rejects.toMatchObject({
      code: 'USER_NOT_FOUND',
    });
    const { role: left } = await authz
      .admin()
      .data('query ($id: ID!) { role(id: $id) { userCount } }', { id: role.id });
    expect(left.userCount).toBe(0);
  });

  it('stays away when the end is heard of before the beginning', async () => {
    const userId = randomUUID();
    await deleted(userId);
    await authz.harness.deliver(userRegistered, { subject: userId, data: { userId } });
    expect(await authz.permissionsOf(userId)).toEqual([]);
  });

  it('keeps nothing that is given to them at that very moment', async () => {
    const role = await authz.newRole(['audit.entry.read']);
    for (let round = 0; round < ROUNDS; round += 1) {
      const userId = round % 2 === 0 ? await authz.registered() : randomUUID();
      await Promise.all([
        authz.admin().request(assignRoles, { userId, roleIds: [role.id] }),
        authz.harness.deliver(userRegistered, { subject: userId, data: { userId } }),
        deleted(userId),
        authz.permissionsOf(userId),
        authz.admin().request(assignRoles, { userId, roleIds: [role.id] }),
      ]);
      expect(await authz.permissionsOf(userId)).toEqual([]);
      expect(await authz.harness.sql('SELECT FROM assignments WHERE user_id = $1', [userId])).toEqual([]);
    }
  }, 600_000);
});
