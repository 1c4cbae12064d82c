import { randomUUID } from 'node:crypto';
import { everyCode, grantPermissions, platformCodes, revokePermissions, useAuthz } from './authz-under-test.js';

const codes = (role: { permissions: { code: string }[] }) => role.permissions.map(({ code }) => code);

describe('permissions of a role', () => {
  const authz = useAuthz();

  it('are granted and revoked, and each change is announced', async () => {
    const { id } = await authz.newRole(['blog.post.read']);

    const { grantPermissions: more } = await authz.admin().data(grantPermissions, {
      roleId: id,
      permissions: ['blog.post.update', 'blog.post.read', 'audit.entry.read'],
    });
    expect(codes(more)).toEqual(['audit.entry.read', 'blog.post.read', 'blog.post.update']);

    const { revokePermissions: less } = await authz.admin().data(revokePermissions, {
      roleId: id,
      permissions: ['blog.post.read', 'blog.post.create'],
    });
    expect(codes(less)).toEqual(['audit.entry.read', 'blog.post.update']);

    expect((await authz.events('platform.permission.granted', id)).at(-1)?.data).toEqual({
      roleId: id,
      permissions: ['audit.entry.read', 'blog.post.update'],
    });
    expect((await authz.events('platform.permission.revoked', id)).map(({ data }) => data)).toEqual([
      { roleId: id, permissions: ['blog.post.read'] },
    ]);
  });

  it('can be granted and revoked again without an effect or an event', async () => {
    const { id } = await authz.newRole(['blog.post.read']);

    await authz.admin().data(grantPermissions, { roleId: id, permissions: ['blog.post.read'] });
    await authz.admin().data(revokePermissions, { roleId: id, permissions: ['blog.post.create'] });

    expect(await authz.events('platform.permission.granted', id)).toHaveLength(1);
    expect(await authz.events('platform.permission.revoked', id)).toEqual([]);
  });

  it('must be declared by a module', async () => {
    const { id } = await authz.newRole();
    const unknown = ['blog.post.frobnicate', 'nonsense'];

    for (const document of [grantPermissions, revokePermissions]) {
      const { extensions } = await authz
        .admin()
        .error(document, { roleId: id, permissions: [...unknown, 'blog.post.read'] });
      expect(extensions).toEqual({ code: 'UNKNOWN_PERMISSION', permissions: unknown });
    }
    const input = { name: `role-${randomUUID()}`, permissions: unknown };
    const { extensions } = await authz
      .admin()
      .error('mutation ($input: CreateRoleInput!) { createRole(input: $input) { id } }', { input });
    expect(extensions).toEqual({ code: 'UNKNOWN_PERMISSION', permissions: unknown });
  });

  it('are granted only by those who hold them', async () => {
    const { id } = await authz.newRole();
    const grantor = authz.harness.asUser(randomUUID(), [
      'authz.permission.grant',
      'authz.role.create',
      'blog.post.read',
    ]);
    const permissions = ['blog.post.read', 'identity.user.delete', 'audit.entry.read'];

    const refusal = { code: 'PERMISSION_NOT_HELD', permissions: ['audit.entry.read', 'identity.user.delete'] };
    expect((await grantor.error(grantPermissions, { roleId: id, permissions })).extensions).toEqual(refusal);
    const name = `role-${randomUUID()}`;
    const create = 'mutation ($input: CreateRoleInput!) { createRole(input: $input) { id } }';
    expect((await grantor.error(create, { input: { name, permissions } })).extensions).toEqual(refusal);

    expect(await authz.role(name)).toBeNull();
    const { grantPermissions: role } = await grantor.data(grantPermissions, {
      roleId: id,
      permissions: ['blog.post.read'],
    });
    expect(codes(role)).toEqual(['blog.post.read']);
  });

  it('are all of them for the administrator, for good', async () => {
    const { id } = await authz.role('admin');

    const { grantPermissions: role } = await authz
      .admin()
      .data(grantPermissions, { roleId: id, permissions: ['blog.post.read'] });
    expect(codes(role)).toEqual(everyCode);
    expect(await authz.events('platform.permission.granted', id)).toEqual([]);

    const { extensions } = await authz
      .admin()
      .error(revokePermissions, { roleId: id, permissions: ['blog.post.read'] });
    expect(extensions).toEqual({ code: 'SYSTEM_ROLE' });
  });

  it('of modules that are gone are ignored', async () => {
    const { id } = await authz.newRole(['blog.post.read']);
    await authz.harness.sql("INSERT INTO role_permissions (role_id, permission) VALUES ($1, 'former.thing.read')", [
      id,
    ]);
    const userId = await authz.registered();
    await authz.assign(userId, id);

    const { role } = await authz.admin().data('query ($id: ID!) { role(id: $id) { permissions { code } } }', { id });
    expect(codes(role)).toEqual(['blog.post.read']);
    expect(await authz.permissionsOf(userId)).not.toContain('former.thing.read');
  });

  it.each([randomUUID(), 'no-id'])('belong to a role that exists, unlike "%s"', async (roleId) => {
    for (const document of [grantPermissions, revokePermissions]) {
      const { extensions } = await authz.admin().error(document, { roleId, permissions: ['blog.post.read'] });
      expect(extensions).toEqual({ code: 'ROLE_NOT_FOUND' });
    }
  });

  it('are listed as the modules declare them', async () => {
    const list = 'query ($module: String) { permissions(module: $module) { code module description platform } }';
    const { permissions: all } = await authz.admin().data(list);
    const { permissions: blog } = await authz.admin().data(list, { module: 'blog' });

    expect(codes({ permissions: all })).toEqual(everyCode);
    expect(codes({ permissions: blog })).toEqual(everyCode.filter((code) => code.startsWith('blog.')));
    expect(blog).toContainEqual({
      code: 'blog.post.create',
      module: 'blog',
      description: "Write posts of one's own.",
      platform: false,
    });
    const platform = all.filter((permission: { platform: boolean }) => permission.platform);
    expect(codes({ permissions: platform })).toEqual(platformCodes);
    expect(await authz.admin().data(list, { module: 'none' })).toEqual({ permissions: [] });
  });
});
