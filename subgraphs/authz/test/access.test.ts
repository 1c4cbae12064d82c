import { randomUUID } from 'node:crypto';
import { everyCode, useAuthz, userByReference } from './authz-under-test.js';

const rootFields: [string, string][] = [
  ['authz.role.read', '{ role(id: "x") { id } }'],
  ['authz.role.read', '{ roleByName(name: "user") { id } }'],
  ['authz.role.read', '{ roles { totalCount } }'],
  ['authz.role.read', '{ permissions { code } }'],
  ['authz.decision.read', '{ hasPermission(userId: "x", permission: "blog.post.read") }'],
  ['authz.decision.read', '{ authorize(input: { userId: "x", permission: "blog.post.read" }) { allowed } }'],
  ['authz.decision.read', '{ whoCan(permission: "blog.post.read") { totalCount } }'],
  ['authz.role.create', 'mutation { createRole(input: { name: "intruder", permissions: ["blog.post.read"] }) { id } }'],
  ['authz.role.update', 'mutation { updateRole(id: "x", input: {}) { id } }'],
  ['authz.role.delete', 'mutation { deleteRole(id: "x") }'],
  ['authz.permission.grant', 'mutation { grantPermissions(roleId: "x", permissions: []) { id } }'],
  ['authz.permission.grant', 'mutation { revokePermissions(roleId: "x", permissions: []) { id } }'],
  ['authz.role.assign', 'mutation { assignRoles(userId: "x", roleIds: []) { id } }'],
  ['authz.role.assign', 'mutation { revokeRoles(userId: "x", roleIds: []) { id } }'],
];

describe('access to authz', () => {
  const authz = useAuthz();

  it.each(rootFields)('needs %s for %s', async (needed, operation) => {
    const others = everyCode.filter((code) => code !== needed);
    for (const caller of [authz.harness.asAnonymous(), authz.harness.asUser(randomUUID(), others)]) {
      expect((await caller.error(operation)).extensions['code']).toBe('UNAUTHORIZED_FIELD_OR_TYPE');
    }
    expect(await authz.role('intruder')).toBeNull();
    const { errors = [] } = await authz.harness.asUser(randomUUID(), [needed]).request(operation);
    expect(errors.map(({ extensions }) => extensions?.['code'])).not.toContain('UNAUTHORIZED_FIELD_OR_TYPE');
  });

  it.each([
    'mutation { establishOrganization }',
    'mutation { admitMember(userId: "x", roleIds: []) }',
    'mutation { releaseMember(userId: "x") }',
    '{ refreshUserState(userId: "x") }',
  ])('is for services alone for %s', async (operation) => {
    for (const caller of [authz.harness.asAnonymous(everyCode), authz.harness.asUser(randomUUID(), everyCode)])
      expect((await caller.error(operation)).extensions['code']).toBe('UNAUTHORIZED_FIELD_OR_TYPE');
  });

  it.each([
    '{ assignableRoles(roleIds: []) }',
    '{ mayChangeUser(userId: "x", endsSignIn: false, organizationIds: []) }',
  ])('is for users alone for %s', async (operation) => {
    for (const caller of [authz.harness.asAnonymous(everyCode), authz.harness.asService('blog', everyCode)])
      expect((await caller.error(operation)).extensions['code']).toBe('UNAUTHENTICATED');
  });

  it('needs a caller token', async () => {
    await expect(authz.harness.endpoint.execute({ query: '{ myPermissions }' }, {})).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });

  it('lets users and readers of roles see what a user holds, and shows others null without an error', async () => {
    const userId = await authz.registered();
    const seenBy = async (caller: ReturnType<typeof authz.admin>) =>
      (await caller.data(userByReference, { id: userId }))._entities[0];

    const visible = { id: userId, roles: [{ name: 'user' }], permissions: expect.arrayContaining(['blog.post.read']) };
    expect(await seenBy(authz.harness.asUser(userId))).toEqual(visible);
    expect(await seenBy(authz.harness.asUser(randomUUID(), ['authz.role.read']))).toEqual(visible);

    const hidden = { id: userId, roles: null, permissions: null };
    expect(await seenBy(authz.harness.asUser(randomUUID(), ['authz.role.assign', 'identity.user.read']))).toEqual(
      hidden,
    );
    expect(await seenBy(authz.harness.asAnonymous())).toEqual(hidden);
    expect(await seenBy(authz.harness.asService('blog'))).toEqual(hidden);
  });

  it('answers references: roles to their readers, permissions to anybody, nothing for what does not exist', async () => {
    const { id } = await authz.role('user');
    const references = `query ($id: ID!, $unknown: ID!) {
      _entities(representations: [
        { __typename: "Role", id: $id }, { __typename: "Role", id: $unknown }, { __typename: "Role", id: "no-id" },
        { __typename: "Permission", code: "blog.post.read" }, { __typename: "Permission", code: "no.such.code" },
        { __typename: "User", id: "no-id" }
      ]) { ... on Role { name permissions { code } } ... on Permission { module } }
    }`;
    const variables = { id, unknown: randomUUID() };

    const reader = await authz.harness.asUser(randomUUID(), ['authz.role.read']).data(references, variables);
    expect(reader._entities).toEqual([
      { name: 'user', permissions: expect.arrayContaining([{ code: 'blog.post.read' }]) },
      null,
      null,
      { module: 'blog' },
      null,
      null,
    ]);
    const stranger = await authz.harness.asUser(randomUUID()).data(references, variables);
    expect(stranger._entities).toEqual([null, null, null, { module: 'blog' }, null, null]);
  });
});
