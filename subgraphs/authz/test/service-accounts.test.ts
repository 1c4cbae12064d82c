import { randomUUID } from 'node:crypto';
import { apiKeyCaller, serviceAccountVersion } from '@platform/auth';
import { organizationErased, permissions, serviceAccountDeleted } from '@platform/contracts';
import { useOrganizations } from './organizations-under-test.js';

const ADMIT = 'mutation ($id: ID!, $roleIds: [ID!]!) { admitServiceAccount(serviceAccountId: $id, roleIds: $roleIds) }';
const RELEASE = 'mutation ($id: ID!) { releaseServiceAccount(serviceAccountId: $id) }';
const MAY_ACT = 'query ($id: ID!) { mayActAsServiceAccount(serviceAccountId: $id) }';
const ASSIGN =
  'mutation ($id: ID!, $roleIds: [ID!]!) { assignServiceAccountRoles(serviceAccountId: $id, roleIds: $roleIds) { id roles { id } permissions } }';
const REVOKE =
  'mutation ($id: ID!, $roleIds: [ID!]!) { revokeServiceAccountRoles(serviceAccountId: $id, roleIds: $roleIds) { id roles { id } } }';
const BY_REFERENCE =
  'query ($id: ID!) { _entities(representations: [{ __typename: "ServiceAccount", id: $id }]) { ... on ServiceAccount { id roles { id } permissions } } }';

describe('a service account', () => {
  const authz = useOrganizations();
  let organizationId: string;
  let id: string;

  beforeEach(async () => {
    organizationId = (await authz.founded()).id;
    id = randomUUID();
    await authz.identityIn(organizationId).data(ADMIT, { id, roleIds: [] });
  });

  const admin = () => authz.userIn(organizationId);
  const codesOf = async (serviceAccountId = id, organization = organizationId) => {
    // As the router asks, for whom a key belongs to.
    const caller = { ...apiKeyCaller(randomUUID(), { serviceAccountId }, organization), apiKeyId: null };
    return (await authz.harness.as(caller).data('{ myPermissions }')).myPermissions;
  };
  const version = async () => String(await authz.harness.revocations.read([serviceAccountVersion(id)]));

  it('holds what guests hold, and what its roles permit, from the answer on', async () => {
    expect(await codesOf()).toEqual(['blog.post.read']);
    const role = await authz.newRoleIn(organizationId, ['blog.post.create', 'blog.post.moderate']);
    const before = await version();
    const { assignServiceAccountRoles: given } = await admin().data(ASSIGN, { id, roleIds: [role.id, role.id] });
    expect(given).toEqual({
      id,
      roles: [{ id: role.id }],
      permissions: ['blog.post.create', 'blog.post.moderate', 'blog.post.read'],
    });
    expect(await codesOf()).toEqual(given.permissions);
    expect(await version()).not.toBe(before);
    await admin().data(ASSIGN, { id, roleIds: [role.id] });
    const { revokeServiceAccountRoles: left } = await admin().data(REVOKE, { id, roleIds: [role.id] });
    expect(left.roles).toEqual([]);
    expect(await codesOf()).toEqual(['blog.post.read']);
    const events = (await authz.harness.outbox()).filter((event) => event.subject === id);
    expect(events.map(({ type, data }) => [type, data.roleId])).toEqual([
      ['platform.service_account.role_assigned', role.id],
      ['platform.service_account.role_revoked', role.id],
    ]);
  });

  it('is given nothing that its giver does not hold, nor changed by who holds less than it', async () => {
    const [strong, weak] = [
      await authz.newRoleIn(organizationId, ['blog.post.moderate']),
      await authz.newRoleIn(organizationId, ['blog.post.create']),
    ];
    const helper = authz.userIn(organizationId, undefined, ['authz.role.assign', 'blog.post.create']);
    const codes = async (operation: string, roleIds: string[]) =>
      (await helper.request(operation, { id, roleIds })).errors?.map(({ extensions }) => extensions?.['code']);
    expect(await codes(ASSIGN, [strong.id])).toEqual(['PERMISSION_NOT_HELD']);
    expect(await codes(ASSIGN, [await authz.roleIn(organizationId, 'admin')])).toEqual(['PERMISSION_NOT_HELD']);
    expect(await codes(ASSIGN, [weak.id])).toBeUndefined();
    expect((await helper.data(MAY_ACT, { id })).mayActAsServiceAccount).toBe(true);
    await admin().data(ASSIGN, { id, roleIds: [strong.id] });
    expect(await codes(REVOKE, [weak.id])).toEqual(['PERMISSION_NOT_HELD']);
    expect((await helper.error(MAY_ACT, { id })).extensions.code).toBe('PERMISSION_NOT_HELD');
    const nobody = authz.userIn(organizationId, undefined, []);
    expect((await nobody.error(ASSIGN, { id, roleIds: [weak.id] })).extensions.code).toBe('UNAUTHORIZED_FIELD_OR_TYPE');
  });

  it('shows a program what its key leaves it', async () => {
    const role = await authz.newRoleIn(organizationId, ['blog.post.create']);
    await admin().data(ASSIGN, { id, roleIds: [role.id] });
    const caller = apiKeyCaller(randomUUID(), { serviceAccountId: id }, organizationId, ['blog.post.create', 'x.y.z']);
    expect((await authz.harness.as(caller).data('{ myPermissions }')).myPermissions).toEqual(['blog.post.create']);
  });

  it('never holds a code of the platform outside the default organization', async () => {
    await admin().data(ASSIGN, { id, roleIds: [await authz.roleIn(organizationId, 'admin')] });
    const ofOrganizations = Object.entries(permissions).filter(([, { platform }]) => !platform);
    expect(await codesOf()).toEqual(ofOrganizations.map(([code]) => code).sort());
  });

  it('is unknown to other organizations, and so are their roles to it', async () => {
    const other = (await authz.founded()).id;
    const role = await authz.newRoleIn(other, ['blog.post.create']);
    const code = async (organization: string, roleIds: string[]) =>
      (await authz.userIn(organization).error(ASSIGN, { id, roleIds })).extensions.code;
    expect(await code(other, [role.id])).toBe('SERVICE_ACCOUNT_NOT_FOUND');
    expect(await code(organizationId, [role.id])).toBe('ROLE_NOT_FOUND');
    expect(await codesOf(id, other)).toEqual([]);
    expect(await codesOf(randomUUID())).toEqual([]);
  });

  it('shows its roles to who reads roles, and to itself', async () => {
    const role = await authz.newRoleIn(organizationId, ['blog.post.create']);
    await authz.identityIn(organizationId).data(ADMIT, { id, roleIds: [role.id, randomUUID()] });
    const seenBy = async (client: ReturnType<typeof admin>) => (await client.data(BY_REFERENCE, { id }))._entities[0];
    const shown = { id, roles: [{ id: role.id }], permissions: ['blog.post.create', 'blog.post.read'] };
    expect(await seenBy(admin())).toEqual(shown);
    const itself = authz.harness.as(apiKeyCaller(randomUUID(), { serviceAccountId: id }, organizationId));
    expect(await seenBy(itself)).toEqual(shown);
    expect(await seenBy(authz.userIn(organizationId, undefined, []))).toEqual({ id, roles: null, permissions: null });
    expect(await seenBy(authz.userIn((await authz.founded()).id))).toMatchObject({ roles: [] });
  });

  it('holds nothing once it is gone, whether identity says so or its event', async () => {
    const role = await authz.newRoleIn(organizationId, ['blog.post.create']);
    await admin().data(ASSIGN, { id, roleIds: [role.id] });
    const identity = authz.identityIn(organizationId);
    await identity.data(RELEASE, { id });
    await identity.data(RELEASE, { id });
    expect(await codesOf()).toEqual([]);
    const second = randomUUID();
    await identity.data(ADMIT, { id: second, roleIds: [role.id] });
    await authz.harness.deliver(serviceAccountDeleted, {
      subject: second,
      data: { serviceAccountId: second },
      tenantid: organizationId,
    });
    expect(await codesOf(second)).toEqual([]);
  });

  it('goes with its organization', async () => {
    await authz.harness.deliver(organizationErased, {
      subject: organizationId,
      data: { organizationId },
      tenantid: organizationId,
    });
    expect(await authz.harness.sql('SELECT FROM service_accounts WHERE id = $1', [id])).toEqual([]);
  });
});
