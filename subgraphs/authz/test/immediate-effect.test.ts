import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { ALL_TENANTS_VERSION, RevocationStoreUnavailable, tenantVersion, userVersion } from '@platform/auth';
import { userDeleted } from '@platform/contracts';
import { assignRoles, grantPermissions, revokePermissions, revokeRoles, useAuthz } from './authz-under-test.js';

describe('cached callers', () => {
  const authz = useAuthz();
  const stamp = async (key: string) => (await authz.harness.revocations.read([key]))[0];
  const changes = async (key: string, work: () => Promise<unknown>) => {
    const before = await stamp(key);
    await work();
    return (await stamp(key)) !== before;
  };

  it('are stale once a user’s roles have changed, also after a repeated call', async () => {
    const userId = await authz.registered();
    const variables = { userId, roleIds: [(await authz.newRole()).id] };

    for (const document of [assignRoles, assignRoles, revokeRoles, revokeRoles]) {
      expect(await changes(userVersion(userId), () => authz.admin().data(document, variables))).toBe(true);
    }
  });

  it('are stale once what a role of their organization permits has changed, and those of others stay good', async () => {
    const { id } = await authz.newRole();
    const variables = { roleId: id, permissions: ['blog.post.read'] };
    const [own, other] = [tenantVersion(authz.harness.tenantId), tenantVersion(randomUUID())];
    const elsewhere = [await stamp(other), await stamp(ALL_TENANTS_VERSION)];

    for (const document of [grantPermissions, grantPermissions, revokePermissions, revokePermissions]) {
      expect(await changes(own, () => authz.admin().data(document, variables))).toBe(true);
    }
    const deletion = () => authz.admin().data('mutation ($id: ID!) { deleteRole(id: $id) }', { id });
    expect(await changes(own, deletion)).toBe(true);
    expect([await stamp(other), await stamp(ALL_TENANTS_VERSION)]).toEqual(elsewhere);
  });

  it('are stale once a user becomes known, an administrator, or deleted', async () => {
    const userId = randomUUID();
    const key = userVersion(userId);
    const event = { subject: userId, data: { userId } };

    expect(await changes(key, () => authz.permissionsOf(userId))).toBe(true);
    expect(await changes(key, () => authz.services().assignments.ensureAdministrator(userId))).toBe(true);
    expect(await changes(key, () => authz.harness.deliver(userDeleted, event))).toBe(true);
  });

  it('stay good when a change was refused', async () => {
    const userId = await authz.registered();
    const variables = { userId, roleIds: [randomUUID()] };
    expect(await changes(userVersion(userId), () => authz.admin().error(assignRoles, variables))).toBe(false);
  });

  it('cannot be left behind: a change that cannot be made known does not happen', async () => {
    const userId = await authz.registered();
    const role = await authz.newRole(['audit.entry.read']);
    const bump = jest.spyOn(authz.harness.revocations, 'bump').mockRejectedValue(new RevocationStoreUnavailable());
    const { extensions } = await authz.admin().error(assignRoles, { userId, roleIds: [role.id] });
    bump.mockRestore();
    expect(extensions['code']).toBe('SERVICE_UNAVAILABLE');

    expect(await authz.permissionsOf(userId)).not.toContain('audit.entry.read');
    expect(await authz.events('platform.role.assigned', role.id)).toEqual([]);
  });
});
