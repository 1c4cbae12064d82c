import { randomUUID } from 'node:crypto';
import { useAuthz } from './authz-under-test.js';

const createRole = `mutation ($input: CreateRoleInput!) {
  createRole(input: $input) { id name description system permissions { code module description } userCount createdAt updatedAt }
}`;
const updateRole = `mutation ($id: ID!, $input: UpdateRoleInput!) {
  updateRole(id: $id, input: $input) { id name description updatedAt }
}`;
const deleteRole = 'mutation ($id: ID!) { deleteRole(id: $id) }';
const roleById = 'query ($id: ID!) { role(id: $id) { id name } }';

describe('roles', () => {
  const authz = useAuthz();
  const create = (input: Record<string, unknown>) => authz.admin().data(createRole, { input });
  const refused = async (document: string, variables: Record<string, unknown>) =>
    (await authz.admin().error(document, variables)).extensions;

  it('are created with permissions, announced, and found by id and by name', async () => {
    const { createRole: role } = await create({
      name: 'editor',
      description: 'Edits posts.',
      permissions: ['blog.post.update', 'blog.post.moderate', 'blog.post.update'],
    });

    expect(role).toMatchObject({ name: 'editor', description: 'Edits posts.', system: false, userCount: 0 });
    expect(role.permissions.map(({ code }: { code: string }) => code)).toEqual([
      'blog.post.moderate',
      'blog.post.update',
    ]);
    expect(role.permissions[0].module).toBe('blog');
    expect(role.createdAt).toBe(role.updatedAt);
    expect(await authz.admin().data(roleById, { id: role.id })).toEqual({ role: { id: role.id, name: 'editor' } });
    expect(await authz.role('editor')).toEqual({ id: role.id, name: 'editor' });
    expect(await authz.events('platform.role.created', role.id)).toMatchObject([
      { resource: 'role', actor: authz.admin().caller.userId, data: { roleId: role.id, name: 'editor' } },
    ]);
    expect(await authz.events('platform.permission.granted', role.id)).toMatchObject([
      { data: { permissions: ['blog.post.moderate', 'blog.post.update'] } },
    ]);
  });

  it('have names of their own', async () => {
    const { name, id } = await authz.newRole();
    const other = await authz.newRole();

    expect(await refused(createRole, { input: { name } })).toMatchObject({ code: 'CONFLICT' });
    expect(await refused(updateRole, { id: other.id, input: { name } })).toMatchObject({ code: 'CONFLICT' });
    expect((await authz.role(name)).id).toBe(id);
  });

  it.each(['', 'a', 'Editor', '9lives', 'two words', 'ünïcode', 'x'.repeat(51)])(
    'refuse the name "%s"',
    async (name) => {
      expect(await refused(createRole, { input: { name } })).toEqual({
        code: 'BAD_USER_INPUT',
        fields: { name: expect.stringContaining('lower-case') },
      });
    },
  );

  it('say everything that is wrong at once', async () => {
    const { fields } = await refused(createRole, { input: { name: 'X', description: 'x'.repeat(501) } });
    expect(Object.keys(fields as object)).toEqual(['name', 'description']);
  });

  it('are renamed and described; what is left out stays', async () => {
    const { createRole: role } = await create({ name: 'helper', description: 'Helps.' });
    authz.harness.clock.advance(1000);

    const { updateRole: renamed } = await authz.admin().data(updateRole, { id: role.id, input: { name: 'supporter' } });
    expect(renamed).toMatchObject({ id: role.id, name: 'supporter', description: 'Helps.' });
    expect(Date.parse(renamed.updatedAt)).toBeGreaterThan(Date.parse(role.updatedAt));

    const { updateRole: undescribed } = await authz
      .admin()
      .data(updateRole, { id: role.id, input: { description: null } });
    expect(undescribed).toMatchObject({ name: 'supporter', description: null });
    expect(await authz.events('platform.role.updated', role.id)).toHaveLength(2);
  });

  it('announce nothing when nothing has changed', async () => {
    const { id, name } = await authz.newRole();
    await authz.admin().data(updateRole, { id, input: { name } });
    expect(await authz.events('platform.role.updated', id)).toEqual([]);
  });

  it('are deleted with their assignments', async () => {
    const role = await authz.newRole(['identity.user.read']);
    const userId = await authz.registered();
    await authz.assign(userId, role.id);
    expect(await authz.permissionsOf(userId)).toContain('identity.user.read');

    expect(await authz.admin().data(deleteRole, { id: role.id })).toEqual({ deleteRole: true });

    expect(await authz.permissionsOf(userId)).not.toContain('identity.user.read');
    expect(await authz.admin().data(roleById, { id: role.id })).toEqual({ role: null });
    expect(await authz.events('platform.role.deleted', role.id)).toMatchObject([{ data: { name: role.name } }]);
  });

  it.each(['admin', 'user', 'guest'])(
    'of the platform itself keep their existence and their name: %s',
    async (name) => {
      const { id } = await authz.role(name);

      expect(await refused(deleteRole, { id })).toEqual({ code: 'SYSTEM_ROLE' });
      expect(await refused(updateRole, { id, input: { name: 'other' } })).toEqual({ code: 'SYSTEM_ROLE' });
      const { updateRole: described } = await authz
        .admin()
        .data(updateRole, { id, input: { name, description: 'Ours.' } });
      expect(described).toMatchObject({ name, description: 'Ours.' });
    },
  );

  it.each([randomUUID(), 'no-id', ''])(
    'that do not exist are null to readers and an error to writers: "%s"',
    async (id) => {
      expect(await authz.admin().data(roleById, { id })).toEqual({ role: null });
      expect(await refused(updateRole, { id, input: { name: 'other' } })).toEqual({ code: 'ROLE_NOT_FOUND' });
      expect(await refused(deleteRole, { id })).toEqual({ code: 'ROLE_NOT_FOUND' });
    },
  );

  it('are listed by name, page by page, forwards and backwards', async () => {
    for (let count = 0; count < 5; count += 1) await authz.newRole();
    const list =
      'query ($first: Int, $after: String, $last: Int) { roles(first: $first, after: $after, last: $last) { nodes { name } totalCount pageInfo { hasNextPage endCursor } } }';
    const names = (page: { nodes: { name: string }[] }) => page.nodes.map(({ name }) => name);

    const { roles: all } = await authz.admin().data(list, { first: 100 });
    expect(names(all)).toHaveLength(all.totalCount);

    const seen: string[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const { roles: page }: { roles: typeof all } = await authz.admin().data(list, { first: 2, after });
      seen.push(...names(page));
      after = page.pageInfo.endCursor;
      more = page.pageInfo.hasNextPage;
    }
    expect(seen).toEqual(names(all));
    expect(names((await authz.admin().data(list, { last: 2 })).roles)).toEqual(names(all).slice(-2));
    expect(await refused(list, { first: 1, last: 1 })).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(await refused(list, { first: 1, after: Buffer.from('["a","b"]').toString('base64url') })).toMatchObject({
      code: 'BAD_USER_INPUT',
    });
  });

  it('are made and assigned once, however often that is sent with its idempotency key', async () => {
    const under = () => authz.harness.as(authz.admin().caller, { 'idempotency-key': randomUUID() });
    const twice = async (document: string, variables: Record<string, unknown>) => {
      const client = under();
      const first = await client.data(document, variables);
      expect(await client.data(document, variables)).toEqual(first);
      return first;
    };
    const { createRole: role } = await twice(createRole, { input: { name: 'repeated', permissions: [] } });
    const assign = `mutation ($userId: ID!, $roleIds: [ID!]!) { assignRoles(userId: $userId, roleIds: $roleIds) { id roles { name } } }`;
    await twice(assign, { userId: await authz.registered(), roleIds: [role.id] });
    await twice(updateRole, { id: role.id, input: { name: 'renamed' } });
    await twice(deleteRole, { id: role.id });
    expect(await authz.events('platform.role.deleted', role.id)).toHaveLength(1);
  });
});
