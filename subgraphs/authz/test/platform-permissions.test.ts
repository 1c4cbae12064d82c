import { randomUUID } from 'node:crypto';
import { ABLE, everyCode, grantPermissions, platformCodes, useAuthz } from './authz-under-test.js';

const OTHER = '01900000-0000-7000-8000-00000000000b';
const CODE = 'identity.user.delete';
const createRole = 'mutation ($input: CreateRoleInput!) { createRole(input: $input) { id permissions { code } } }';

describe('permissions that reach beyond one organization', () => {
  const authz = useAuthz();
  const organizationCodes = everyCode.filter((code) => !platformCodes.includes(code));
  const elsewhere = () => authz.harness.asUserOf(OTHER, randomUUID(), everyCode);
  const asker = () => authz.harness.asUserOf(OTHER, randomUUID(), ['authz.decision.read', 'authz.role.read']);
  let administrator: string;

  beforeAll(async () => {
    administrator = randomUUID();
    authz.accounts.set(administrator, ABLE);
    await authz.servicesOf(OTHER).members.establish(administrator);
  });

  it('are refused for roles of another organization than the default one, also to whoever holds them', async () => {
    const { createRole: role } = await elsewhere().data(createRole, { input: { name: 'support', permissions: [] } });
    const refusal = { code: 'PLATFORM_PERMISSION', permissions: [CODE] };
    const permissions = ['blog.post.read', CODE];

    expect((await elsewhere().error(grantPermissions, { roleId: role.id, permissions })).extensions).toEqual(refusal);
    const input = { name: 'operators', permissions };
    expect((await elsewhere().error(createRole, { input })).extensions).toEqual(refusal);
    expect(await authz.harness.sql(`SELECT FROM roles WHERE name = 'operators'`)).toEqual([]);
  });

  it('are given to roles of the default organization', async () => {
    const role = await authz.newRole([CODE]);
    const userId = await authz.registered();
    await authz.assign(userId, role.id);
    expect(await authz.permissionsOf(userId)).toContain(CODE);
  });

  it('are not among those of the administrators of another organization', async () => {
    const own = authz.harness.asUserOf(OTHER, administrator);
    expect((await own.data('{ myPermissions }')).myPermissions).toEqual(organizationCodes);

    const { roleByName } = await asker().data('{ roleByName(name: "admin") { permissions { code } } }');
    expect(roleByName.permissions.map(({ code }: { code: string }) => code)).toEqual(organizationCodes);
  });

  it('are decided of the same way, whoever asks in whichever way', async () => {
    const decide = `query ($userId: ID!, $code: String!) {
      hasPermission(userId: $userId, permission: $code)
      authorize(input: { userId: $userId, permission: $code }) { allowed decidedBy }
      whoCan(permission: $code) { nodes { user { id } } totalCount }
    }`;
    const [denied, allowed] = [
      await asker().data(decide, { userId: administrator, code: CODE }),
      await asker().data(decide, { userId: administrator, code: 'audit.entry.read' }),
    ];
    expect(denied).toEqual({
      hasPermission: false,
      authorize: { allowed: false, decidedBy: [] },
      whoCan: { nodes: [], totalCount: 0 },
    });
    expect(allowed).toEqual({
      hasPermission: true,
      authorize: { allowed: true, decidedBy: ['admin'] },
      whoCan: { nodes: [{ user: { id: administrator } }], totalCount: 1 },
    });
    const user =
      'query ($id: ID!) { _entities(representations: [{ __typename: "User", id: $id }]) { ... on User { permissions } } }';
    const { _entities } = await asker().data(user, { id: administrator });
    expect(_entities[0].permissions).toEqual(organizationCodes);
  });

  it('have no effect where a role of another organization has them all the same', async () => {
    const { createRole: role } = await elsewhere().data(createRole, {
      input: { name: 'former', permissions: ['audit.entry.read'] },
    });
    await authz.harness.sql('INSERT INTO role_permissions (role_id, permission, tenant_id) VALUES ($1, $2, $3)', [
      role.id,
      CODE,
      OTHER,
    ]);
    const holder = randomUUID();
    authz.accounts.set(holder, ABLE);
    await elsewhere().data(
      'mutation ($userId: ID!, $roleIds: [ID!]!) { assignRoles(userId: $userId, roleIds: $roleIds) { id } }',
      { userId: holder, roleIds: [role.id] },
    );

    const { myPermissions } = await authz.harness.asUserOf(OTHER, holder).data('{ myPermissions }');
    expect(myPermissions).toContain('audit.entry.read');
    expect(myPermissions).not.toContain(CODE);
    const administratorElsewhere = authz.harness.asUserOf(OTHER, administrator, organizationCodes);
    expect(await administratorElsewhere.data('mutation ($id: ID!) { deleteRole(id: $id) }', { id: role.id })).toEqual({
      deleteRole: true,
    });
  });

  it('are not needed by administrators of another organization to act on each other', async () => {
    const other = randomUUID();
    authz.accounts.set(other, ABLE);
    await authz.servicesOf(OTHER).assignments.ensureAdministrator(other);
    const { roleByName } = await asker().data('{ roleByName(name: "admin") { id } }');
    const revoke =
      'mutation ($userId: ID!, $roleIds: [ID!]!) { revokeRoles(userId: $userId, roleIds: $roleIds) { id } }';
    const colleague = authz.harness.asUserOf(OTHER, administrator, organizationCodes);
    expect(await colleague.data(revoke, { userId: other, roleIds: [roleByName.id] })).toEqual({
      revokeRoles: { id: other },
    });
  });
});
