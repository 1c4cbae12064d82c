import { randomUUID } from 'node:crypto';
import { useOrganizations } from './organizations-under-test.js';

describe('the roles that somebody may invite to', () => {
  const authz = useOrganizations();
  const ask = 'query ($roleIds: [ID!]!) { assignableRoles(roleIds: $roleIds) }';

  it('are told by name to those who hold whatever the roles permit', async () => {
    const { id } = await authz.founded();
    const [one, two] = [await authz.newRoleIn(id, ['audit.entry.read']), await authz.newRoleIn(id)];
    const holder = authz.userIn(id, randomUUID(), ['audit.entry.read']);

    expect(await holder.data(ask, { roleIds: [one.id, two.id, one.id.toUpperCase()] })).toEqual({
      assignableRoles: [one.name, two.name].sort(),
    });
    expect(await holder.data(ask, { roleIds: [] })).toEqual({ assignableRoles: [] });
  });

  it('permit nothing that the inviting user does not hold', async () => {
    const { id } = await authz.founded();
    const role = await authz.newRoleIn(id, ['audit.entry.read', 'blog.post.read']);
    const inviter = authz.userIn(id, randomUUID(), ['identity.invitation.create', 'blog.post.read']);

    expect((await inviter.error(ask, { roleIds: [role.id] })).extensions).toEqual({
      code: 'PERMISSION_NOT_HELD',
      permissions: ['audit.entry.read'],
    });
    const { extensions } = await inviter.error(ask, { roleIds: [await authz.roleIn(id, 'admin')] });
    expect(extensions['code']).toBe('PERMISSION_NOT_HELD');
    const administrator = authz.userIn(id);
    expect(await administrator.data(ask, { roleIds: [await authz.roleIn(id, 'admin')] })).toEqual({
      assignableRoles: ['admin'],
    });
  });

  it('are of the own organization', async () => {
    const [own, foreign] = [await authz.founded(), await authz.founded()];
    const { id } = await authz.newRoleIn(own.id);
    for (const other of [(await authz.newRoleIn(foreign.id)).id, randomUUID(), 'no-id']) {
      const { extensions } = await authz.userIn(own.id).error(ask, { roleIds: [id, other] });
      expect(extensions).toEqual({ code: 'ROLE_NOT_FOUND' });
    }
  });
});
