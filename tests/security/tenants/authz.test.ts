import { randomUUID } from 'node:crypto';
import { authz } from '@platform/authz';
import { userDeleted } from '@platform/contracts';
import type { SubgraphEndpoint } from '@platform/subgraph-client/endpoints';
import { useSubgraph } from '@platform/testkit';
import { type AuthzRows, administratorOf, authzRowsOf } from './rows-of-authz.js';

const OTHER = '01900000-0000-7000-8000-00000000000b';
const ROLES = '{ roles { nodes { id name } totalCount } }';

/** Whoever it is asked about can sign in. */
const identity: SubgraphEndpoint = {
  execute: async ({ variables = {} }) => {
    const accounts = (variables['ids'] as string[]).map((id) => ({
      id,
      status: 'ACTIVE',
      canSignIn: true,
      changing: false,
    }));
    return { data: { accountStates: accounts } };
  },
};

describe('authz, asked by an administrator of another tenant', () => {
  const harness = useSubgraph(authz, { endpoints: { identity } });
  let own: AuthzRows;
  let foreign: AuthzRows;

  beforeAll(async () => {
    own = await authzRowsOf(harness, harness.tenantId);
    foreign = await authzRowsOf(harness, OTHER);
  });

  const intruder = () => administratorOf(harness, harness.tenantId);

  it('knows nothing of a role by its id, also as an entity', async () => {
    for (const id of [foreign.roleId, randomUUID()]) {
      expect(await intruder().data('query ($id: ID!) { role(id: $id) { id } }', { id })).toEqual({ role: null });
      const entity =
        'query ($id: ID!) { _entities(representations: [{ __typename: "Role", id: $id }]) { ... on Role { name } } }';
      expect(await intruder().data(entity, { id })).toEqual({ _entities: [null] });
    }
  });

  it('gives the own role for a name that both have, and lists and counts its own alone', async () => {
    const { roleByName } = await intruder().data('{ roleByName(name: "shared") { id userCount } }');
    expect(roleByName).toEqual({ id: own.roleId, userCount: 1 });
    const { roles } = await intruder().data(ROLES);
    expect(roles.nodes.map(({ name }: { name: string }) => name)).toEqual(['admin', 'guest', 'shared', 'user']);
    expect(roles.totalCount).toBe(4);
    const { roles: others } = await administratorOf(harness, OTHER).data(ROLES);
    expect(others).toEqual({ nodes: [{ id: foreign.roleId, name: 'shared' }], totalCount: 1 });
  });

  it.each([
    ['updateRole', 'mutation ($id: ID!) { updateRole(id: $id, input: { description: "Mine" }) { id } }'],
    ['deleteRole', 'mutation ($id: ID!) { deleteRole(id: $id) }'],
    [
      'grantPermissions',
      'mutation ($id: ID!) { grantPermissions(roleId: $id, permissions: ["blog.post.read"]) { id } }',
    ],
    [
      'revokePermissions',
      'mutation ($id: ID!) { revokePermissions(roleId: $id, permissions: ["audit.entry.read"]) { id } }',
    ],
    ['assignRoles', 'mutation ($id: ID!, $userId: ID!) { assignRoles(userId: $userId, roleIds: [$id]) { id } }'],
    ['revokeRoles', 'mutation ($id: ID!, $userId: ID!) { revokeRoles(userId: $userId, roleIds: [$id]) { id } }'],
  ])('answers %s of a foreign role as of one that there is not', async (_, mutation) => {
    const refused = async (id: string) =>
      JSON.stringify(await intruder().error(mutation, { id, userId: own.userId })).replaceAll(id, '<id>');
    const known = await refused(foreign.roleId);
    expect(known).toContain('ROLE_NOT_FOUND');
    expect(known).toBe(await refused(randomUUID()));
  });

  it('decides by the roles of the own tenant', async () => {
    const decide = 'query ($userId: ID!) { hasPermission(userId: $userId, permission: "audit.entry.read") }';
    const decided = async (tenantId: string, userId: string) =>
      (await administratorOf(harness, tenantId).data(decide, { userId })).hasPermission;
    expect(await decided(harness.tenantId, own.userId)).toBe(true);
    expect(await decided(harness.tenantId, foreign.userId)).toBe(false);
    expect(await decided(OTHER, foreign.userId)).toBe(true);
    expect(await decided(OTHER, own.userId)).toBe(false);
  });

  it('gives a caller the permissions of their roles in the tenant of their token', async () => {
    const codes = async (tenantId: string, userId: string) =>
      (await harness.asUserOf(tenantId, userId).data('{ myPermissions }')).myPermissions;
    expect(await codes(OTHER, foreign.userId)).toEqual(['audit.entry.read']);
    expect(await codes(harness.tenantId, foreign.userId)).not.toContain('audit.entry.read');
  });

  it('names the holders of the own tenant', async () => {
    const holders = '{ whoCan(permission: "audit.entry.read") { nodes { user { id } } } }';
    const { whoCan } = await intruder().data(holders);
    expect(JSON.stringify(whoCan)).toContain(own.userId);
    expect(JSON.stringify(whoCan)).not.toContain(foreign.userId);
  });

  it('gives both the role name that both want', async () => {
    const create = 'mutation { createRole(input: { name: "wanted" }) { name } }';
    for (const tenantId of [harness.tenantId, OTHER]) {
      expect((await administratorOf(harness, tenantId).data(create)).createRole.name).toBe('wanted');
      expect((await administratorOf(harness, tenantId).error(create)).extensions.code).toBe('CONFLICT');
    }
  });

  it('takes the roles of a user who is gone in every tenant', async () => {
    await harness.sql('INSERT INTO assignments (user_id, role_id, tenant_id) VALUES ($1, $2, $3)', [
      foreign.userId,
      own.roleId,
      harness.tenantId,
    ]);
    const { userId } = foreign;
    await harness.deliver(userDeleted, { subject: userId, data: { userId } });
    expect(await harness.sql('SELECT FROM assignments WHERE user_id = $1', [userId])).toEqual([]);
  });

  it('has told of nothing by an error that it did not mean', () => {
    expect(harness.unexpected).toEqual([]);
  });
});
