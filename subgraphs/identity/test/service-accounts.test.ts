import { randomUUID } from 'node:crypto';
import { apiKeyCaller, apiKeyHash, serviceAccountVersion } from '@platform/auth';
import type { SubgraphClient } from '@platform/testkit';
import { type SignedIn, useIdentity } from './identity-under-test.js';
import * as machines from './machine-operations.js';
import * as organizations from './organization-operations.js';

const MANAGER = ['identity.service_account.read', 'identity.service_account.manage', 'blog.post.read'];

describe('a service account', () => {
  const identity = useIdentity({ set: ['tenancy.mode=multi'] });
  let ada: SignedIn;
  let organizationId: string;
  let manager: SubgraphClient;

  beforeEach(async () => {
    ada = await identity.signedIn({ firstName: 'Ada' });
    const input = { name: `Acme ${randomUUID().slice(0, 8)}` };
    organizationId = (await ada.client.data(organizations.createOrganization, { input })).createOrganization.id;
    manager = identity.in(organizationId, ada, MANAGER);
  });

  const created = async (input: object = {}) =>
    (await manager.data(machines.createServiceAccount, { input: { name: `CI ${randomUUID()}`, ...input } }))
      .createServiceAccount;
  const keyOf = async (serviceAccountId: string, input: object = {}) =>
    (await manager.data(machines.createServiceAccountKey, { input: { serviceAccountId, name: 'First', ...input } }))
      .createServiceAccountKey;
  const codeOf = async (by: SubgraphClient, operation: string, variables: object = {}) =>
    (await by.error(operation, variables as never)).extensions.code;
  const usable = async (secret: string) =>
    (await identity.harness.asService('router').data(machines.usableApiKey, { hash: apiKeyHash(secret) })).usableApiKey;

  it('is made in an organization, and tells who made it', async () => {
    const account = await created({ name: 'Deployments', description: 'Ships what is green.' });
    expect(account).toMatchObject({
      name: 'Deployments',
      description: 'Ships what is green.',
      enabled: true,
      createdBy: { id: ada.id },
      keys: [],
      lastUsedAt: null,
    });
    expect(await identity.events('platform.service_account.created', account.id)).toMatchObject([{ actor: ada.id }]);
    expect(await codeOf(manager, machines.createServiceAccount, { input: { name: 'Deployments' } })).toBe('CONFLICT');
    expect((await manager.data(machines.serviceAccounts)).serviceAccounts).toMatchObject({
      nodes: [{ id: account.id }],
      totalCount: 1,
    });
    const elsewhere = identity.in(randomUUID(), ada, MANAGER);
    expect((await elsewhere.data(machines.serviceAccount, { id: account.id })).serviceAccount).toBeNull();
    expect(await codeOf(elsewhere, machines.deleteServiceAccount, { id: account.id })).toBe(
      'SERVICE_ACCOUNT_NOT_FOUND',
    );
  });

  it('acts by its keys: all that it may without scopes, less with them', async () => {
    const { id } = await created();
    const [all, some] = [await keyOf(id), await keyOf(id, { scopes: ['blog.post.read'] })];
    expect(await usable(all.secret)).toMatchObject({ serviceAccountId: id, userId: null, scopes: [], organizationId });
    expect((await usable(some.secret)).scopes).toEqual(['blog.post.read']);
    expect(all.apiKey.owner).toMatchObject({ __typename: 'ServiceAccount', id });
    const wider = { serviceAccountId: id, name: 'Wider', scopes: ['blog.post.moderate'] };
    expect(await codeOf(manager, machines.createServiceAccountKey, { input: wider })).toBe('PERMISSION_NOT_HELD');
    const { serviceAccount } = await manager.data(machines.serviceAccount, { id });
    expect(serviceAccount.keys.map((key: { id: string }) => key.id)).toEqual([some.apiKey.id, all.apiKey.id]);
  });

  it('has at most ten keys, which are revoked one by one', async () => {
    const { id } = await created();
    const keys = [];
    for (let count = 0; count < 10; count += 1) keys.push(await keyOf(id));
    const input = { serviceAccountId: id, name: 'Eleventh' };
    expect(await codeOf(manager, machines.createServiceAccountKey, { input })).toBe('LIMIT_REACHED');
    await manager.data(machines.revokeApiKey, { id: keys[0].apiKey.id });
    expect(await usable(keys[0].secret)).toBeNull();
    expect(await usable(keys[1].secret)).not.toBeNull();
    await keyOf(id);
  });

  it('stops at once while it is disabled, and for good when it is deleted', async () => {
    const { id } = await created();
    const { secret } = await keyOf(id);
    const version = () => identity.harness.revocations.read([serviceAccountVersion(id)]);
    const versions = [await version()];
    const set = (enabled: boolean) => manager.data(machines.updateServiceAccount, { id, input: { enabled } });
    await set(false);
    versions.push(await version());
    expect(await usable(secret)).toBeNull();
    await set(true);
    expect(await usable(secret)).not.toBeNull();
    versions.push(await version());
    await manager.data(machines.deleteServiceAccount, { id });
    versions.push(await version());
    expect(await usable(secret)).toBeNull();
    expect(new Set(versions.map(String)).size).toBe(4);
    expect(await identity.events('platform.service_account.updated', id)).toMatchObject([
      { data: { fields: ['enabled'] } },
      { data: { fields: ['enabled'] } },
    ]);
    expect(await identity.events('platform.service_account.deleted', id)).toHaveLength(1);
  });

  it('outlives who made it', async () => {
    const { id } = await created();
    const { secret } = await keyOf(id);
    await identity.harness.sql("UPDATE users SET status = 'DELETED', email = NULL WHERE id = $1", [ada.id]);
    expect(await usable(secret)).not.toBeNull();
    expect((await manager.data(machines.serviceAccount, { id })).serviceAccount.createdBy).toBeNull();
  });

  it('is nobody: it reads by permission, and has no account', async () => {
    const { id } = await created();
    const machine = identity.harness.as(
      apiKeyCaller(randomUUID(), { serviceAccountId: id }, organizationId, ['identity.service_account.read']),
    );
    expect(await machine.data('{ me { id } activeOrganization { id } }')).toEqual({
      me: null,
      activeOrganization: { id: organizationId },
    });
    expect((await machine.data(machines.serviceAccount, { id })).serviceAccount.id).toBe(id);
    expect(await codeOf(machine, '{ sessions { id } }')).toBe('SESSION_REQUIRED');
    expect(await codeOf(machine, machines.apiKeys)).toBe('SESSION_REQUIRED');
    const input = { serviceAccountId: id, name: 'Another' };
    expect(await codeOf(machine, machines.createServiceAccountKey, { input })).toBe('SESSION_REQUIRED');
  });
});
