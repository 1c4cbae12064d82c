import { grantPermissions, revokePermissions, useAuthz } from './authz-under-test.js';

describe('the system roles', () => {
  const authz = useAuthz();
  const list = '{ roles { nodes { name system permissions { code } } totalCount } }';

  it('exist before the first call', async () => {
    const { roles } = await authz.admin().data(list);
    expect(roles.nodes.map(({ name, system }: { name: string; system: boolean }) => [name, system])).toEqual([
      ['admin', true],
      ['guest', true],
      ['user', true],
    ]);
  });

  it('keep what administrators made of them when processes start again, any number at a time', async () => {
    const [guest, user] = [await authz.role('guest'), await authz.role('user')];
    await authz.admin().data(revokePermissions, { roleId: guest.id, permissions: ['blog.post.read'] });
    await authz.admin().data(grantPermissions, { roleId: user.id, permissions: ['authz.role.read'] });
    const { roles: before } = await authz.admin().data(list);
    const events = await authz.harness.outbox();

    await Promise.all([1, 2, 3].map(() => authz.services().systemRoles.start()));

    expect((await authz.admin().data(list)).roles).toEqual(before);
    expect(await authz.harness.outbox()).toEqual(events);
  });

  it('are given what a new module grants by default, once', async () => {
    const { id } = await authz.role('user');
    const codes = async () => {
      const { roles } = await authz.admin().data(list);
      return roles.nodes[2].permissions.map(({ code }: { code: string }) => code);
    };
    await authz.harness.sql(`DELETE FROM default_grants WHERE permission = 'blog.comment.create'`);
    await authz.harness.sql(`DELETE FROM role_permissions WHERE permission = 'blog.comment.create'`);
    expect(await codes()).not.toContain('blog.comment.create');
    const before = await authz.harness.outbox();

    await Promise.all([1, 2, 3].map(() => authz.services().systemRoles.start()));
    expect(await codes()).toContain('blog.comment.create');
    expect((await authz.harness.outbox()).slice(before.length)).toEqual([
      expect.objectContaining({
        type: 'platform.permission.granted',
        data: { roleId: id, permissions: ['blog.comment.create'] },
      }),
    ]);

    await authz.admin().data(revokePermissions, { roleId: id, permissions: ['blog.comment.create'] });
    await authz.services().systemRoles.start();
    expect(await codes()).not.toContain('blog.comment.create');
  });

  it('are made once when several processes start for the first time', async () => {
    await authz.harness.sql('DELETE FROM assignments');
    await authz.harness.sql('DELETE FROM roles');
    await Promise.all([1, 2, 3].map(() => authz.services().systemRoles.start()));

    const { roles } = await authz.admin().data(list);
    expect(roles.totalCount).toBe(3);
    expect(roles.nodes[1]).toEqual({ name: 'guest', system: true, permissions: [{ code: 'blog.post.read' }] });
  });
});
