import { randomUUID } from 'node:crypto';
import { apiKeyCaller, apiKeyHash, apiKeyVersion, NO_ORGANIZATION, userVersion } from '@platform/auth';
import type { SubgraphClient } from '@platform/testkit';
import { KeyExpiry } from '../src/services/machines/key-expiry.js';
import { type SignedIn, useIdentity } from './identity-under-test.js';
import * as machines from './machine-operations.js';
import * as operations from './operations.js';
import * as organizations from './organization-operations.js';

const SCOPES = ['blog.post.read', 'blog.post.create'];
const DAY = 86_400_000;

describe('an API key', () => {
  const identity = useIdentity({ set: ['tenancy.mode=multi'] });
  let ada: SignedIn;
  let organizationId: string;
  let client: SubgraphClient;

  beforeEach(async () => {
    ada = await identity.signedIn({ firstName: 'Ada' });
    const input = { name: `Acme ${randomUUID().slice(0, 8)}` };
    organizationId = (await ada.client.data(organizations.createOrganization, { input })).createOrganization.id;
    client = identity.in(organizationId, ada, SCOPES);
  });

  const created = async (input: object = {}, by = client) =>
    (await by.data(machines.createApiKey, { input: { name: 'CI', scopes: ['blog.post.read'], ...input } }))
      .createApiKey;
  const codeOf = async (by: SubgraphClient, operation: string, variables: object = {}) =>
    (await by.error(operation, variables as never)).extensions.code;
  const usable = async (secret: string) =>
    (await identity.harness.asService('router').data(machines.usableApiKey, { hash: apiKeyHash(secret) })).usableApiKey;

  it('shows its secret once, and is known by its beginning from then on', async () => {
    const { secret, apiKey } = await created({ scopes: SCOPES });
    expect(secret).toMatch(/^plt_/);
    expect(apiKey).toMatchObject({
      name: 'CI',
      prefix: secret.slice(0, 12),
      scopes: [...SCOPES].sort(),
      expiresAt: null,
      lastUsedAt: null,
      organization: { id: organizationId },
      owner: { __typename: 'User', id: ada.id },
    });
    expect((await client.data(machines.apiKeys)).apiKeys).toEqual([apiKey]);
    expect(JSON.stringify(await identity.harness.sql('SELECT * FROM api_keys'))).not.toContain(secret.slice(13, 56));
    expect(JSON.stringify(await identity.harness.outbox())).not.toContain(secret.slice(13, 56));
    const data = { keyId: apiKey.id, ownerId: ada.id, ownerType: 'user', scopes: [...SCOPES].sort() };
    expect(await identity.events('platform.api_key.created', apiKey.id)).toMatchObject([{ actor: ada.id, data }]);
  });

  it('acts for its owner in its organization', async () => {
    const { secret, apiKey } = await created();
    expect(await usable(secret)).toEqual({
      id: apiKey.id,
      organizationId,
      userId: ada.id,
      serviceAccountId: null,
      scopes: ['blog.post.read'],
      expiresAt: null,
    });
    expect(await usable(`${secret}x`)).toBeNull();
    expect(await codeOf(client, machines.usableApiKey, { hash: apiKeyHash(secret) })).toBe(
      'UNAUTHORIZED_FIELD_OR_TYPE',
    );
  });

  it.each([
    ['PERMISSION_NOT_HELD', { scopes: ['blog.post.read', 'blog.post.moderate'] }],
    ['UNKNOWN_PERMISSION', { scopes: ['blog.post.reed'] }],
    ['BAD_USER_INPUT', { scopes: [] }],
    ['BAD_USER_INPUT', { name: ' ' }],
    ['BAD_USER_INPUT', { expiresAt: '2001-01-01T00:00:00Z' }],
  ])('is refused with %s for %j', async (code, input) => {
    expect(await codeOf(client, machines.createApiKey, { input: { name: 'CI', scopes: SCOPES, ...input } })).toBe(code);
  });

  it('needs an organization, and a session that has proved its user lately', async () => {
    const input = { name: 'CI', scopes: SCOPES };
    expect(await codeOf(identity.in(NO_ORGANIZATION, ada, SCOPES), machines.createApiKey, { input })).toBe(
      'ORGANIZATION_REQUIRED',
    );
    identity.harness.clock.advance(16 * 60_000);
    expect(await codeOf(client, machines.createApiKey, { input })).toBe('REAUTHENTICATION_REQUIRED');
  });

  it('is one of at most 20 of a user in an organization', async () => {
    for (let count = 0; count < 20; count += 1) await created();
    const { extensions } = await client.error(machines.createApiKey, { input: { name: 'One more', scopes: SCOPES } });
    expect(extensions).toMatchObject({ code: 'LIMIT_REACHED', limit: 20 });
  });

  it('is revoked by its owner, and known to nobody from then on', async () => {
    const { secret, apiKey } = await created();
    const version = () => identity.harness.revocations.read([apiKeyVersion(apiKey.id)]);
    const before = await version();
    await client.data(machines.revokeApiKey, { id: apiKey.id });
    expect(await usable(secret)).toBeNull();
    expect(await version()).not.toEqual(before);
    expect(await identity.events('platform.api_key.revoked', apiKey.id)).toMatchObject([{ actor: ada.id }]);
    expect(await codeOf(client, machines.revokeApiKey, { id: apiKey.id })).toBe('API_KEY_NOT_FOUND');
  });

  it('is revoked by who may revoke every key of the organization, and by no one else', async () => {
    const bob = await identity.signedIn();
    const { apiKey } = await created();
    const revoke = (organization: string, permissions: string[]) =>
      identity.in(organization, bob, permissions).request(machines.revokeApiKey, { id: apiKey.id });
    const codes = async (answer: ReturnType<typeof revoke>) => (await answer).errors?.map((e) => e.extensions?.code);
    expect(await codes(revoke(organizationId, []))).toEqual(['API_KEY_NOT_FOUND']);
    expect(await codes(revoke(organizationId, ['identity.service_account.manage']))).toEqual(['API_KEY_NOT_FOUND']);
    expect(await codes(revoke(randomUUID(), ['identity.api_key.revoke']))).toEqual(['API_KEY_NOT_FOUND']);
    expect(await codes(revoke(organizationId, ['identity.api_key.revoke']))).toBeUndefined();
  });

  it('is listed to who may see every key of the organization, newest first', async () => {
    const keys = [await created(), await created(), await created()];
    const reader = identity.in(organizationId, await identity.signedIn(), ['identity.api_key.read']);
    const { nodes, totalCount } = (await reader.data(machines.organizationApiKeys, { first: 2 })).organizationApiKeys;
    expect(totalCount).toBe(3);
    expect(nodes.map(({ id }: { id: string }) => id)).toEqual([keys[2].apiKey.id, keys[1].apiKey.id]);
    expect(await codeOf(client, machines.organizationApiKeys)).toBe('UNAUTHORIZED_FIELD_OR_TYPE');
    expect((await reader.data(machines.apiKeys)).apiKeys).toEqual([]);
  });

  it('is announced once when it has expired, by whichever process', async () => {
    const expiresAt = new Date(identity.harness.clock.now().getTime() + DAY).toISOString();
    const { apiKey } = await created({ expiresAt });
    const { database, outbox, clock } = identity.infrastructure();
    const announce = () => new KeyExpiry(database, outbox, clock).announceDue();
    await announce();
    expect(await identity.events('platform.api_key.expired', apiKey.id)).toEqual([]);
    identity.harness.clock.advance(DAY);
    await Promise.all([announce(), announce()]);
    const events = await identity.events('platform.api_key.expired', apiKey.id);
    expect(events).toMatchObject([{ tenantid: organizationId, data: { keyId: apiKey.id, ownerId: ada.id } }]);
    expect(events[0]).not.toHaveProperty('actor');
  });

  it('stops with its life', async () => {
    const expiresAt = new Date(identity.harness.clock.now().getTime() + DAY).toISOString();
    const { secret } = await created({ expiresAt });
    expect((await usable(secret)).expiresAt).toBe(expiresAt);
    identity.harness.clock.advance(DAY);
    expect(await usable(secret)).toBeNull();
  });

  it.each([
    [
      'the suspension of its owner',
      (id: string) => ({ sql: "UPDATE memberships SET status = 'SUSPENDED' WHERE user_id = $1", id }),
    ],
    ['the lock of its owner', (id: string) => ({ sql: "UPDATE users SET status = 'LOCKED' WHERE id = $1", id })],
    [
      'the deletion of its owner',
      (id: string) => ({ sql: "UPDATE users SET status = 'DELETED', email = NULL WHERE id = $1", id }),
    ],
    ['the end of the membership', (id: string) => ({ sql: 'DELETE FROM memberships WHERE user_id = $1', id })],
  ])('stops with %s', async (_what, change) => {
    const { secret } = await created();
    const { sql, id } = change(ada.id);
    await identity.harness.sql(sql, [id]);
    expect(await usable(secret)).toBeNull();
  });

  it('stops with its organization', async () => {
    const { secret } = await created();
    await identity.harness.sql("UPDATE organizations SET status = 'SUSPENDED' WHERE id = $1", [organizationId]);
    expect(await usable(secret)).toBeNull();
  });

  it('tells when it was last used, and from where to its owner', async () => {
    const { apiKey } = await created();
    const router = identity.harness.as({ ...identity.harness.asService('router').caller, tenantId: organizationId });
    const use = { id: apiKey.id, at: '2026-01-31T12:34:00.000Z', ipAddress: '192.0.2.1' };
    await router.data(machines.apiKeyUsed, use);
    await router.data(machines.apiKeyUsed, { ...use, at: '2026-01-31T12:33:00.000Z', ipAddress: '192.0.2.2' });
    const [seen] = (await client.data(machines.apiKeys)).apiKeys;
    expect(seen).toMatchObject({ lastUsedAt: use.at, lastUsedIp: use.ipAddress });
  });

  describe('as a caller', () => {
    const machine = (permissions: string[] = []) =>
      identity.harness.as(apiKeyCaller(randomUUID(), { userId: ada.id }, organizationId, permissions));

    it('reads as its owner', async () => {
      expect((await machine().data('{ me { id } activeOrganization { id } }')) as object).toEqual({
        me: { id: ada.id },
        activeOrganization: { id: organizationId },
      });
    });

    it('changes no account, credential, session, key or membership', async () => {
      const input = { name: 'CI', scopes: ['blog.post.read'] };
      expect(await codeOf(machine(SCOPES), machines.createApiKey, { input })).toBe('SESSION_REQUIRED');
      expect(await codeOf(machine(), operations.updateProfile, { input: { firstName: 'Eve' } })).toBe(
        'SESSION_REQUIRED',
      );
      expect(await codeOf(machine(), organizations.leaveOrganization, { id: organizationId })).toBe('SESSION_REQUIRED');
    });

    it('is named in the events that it causes', async () => {
      const caller = apiKeyCaller(randomUUID(), { userId: ada.id }, organizationId, ['identity.organization.update']);
      const input = { name: 'Renamed' };
      await identity.harness.as(caller).data(organizations.updateOrganization, { id: organizationId, input });
      expect(await identity.events('platform.organization.updated', organizationId)).toMatchObject([
        { actor: ada.id, apikeyid: caller.apiKeyId },
      ]);
    });
  });

  it('ends what is stored under its owner’s version when they leave', async () => {
    const before = await identity.harness.revocations.read([userVersion(ada.id)]);
    const bob = await identity.signedIn();
    const remove = identity.in(organizationId, bob, ['identity.member.remove']);
    await remove.data(organizations.removeMember, { userId: ada.id });
    expect(await identity.harness.revocations.read([userVersion(ada.id)])).not.toEqual(before);
  });
});

describe('where lives of API keys are bounded', () => {
  const identity = useIdentity({ set: ['identity.apiKeys.maxLifetime=30d', 'app.keyPrefix=acme'] });

  it('a key without an end has the longest life, and none a longer one', async () => {
    const ada = await identity.signedIn();
    const client = identity.in(identity.harness.tenantId, ada, SCOPES);
    const earliest = identity.harness.clock.now().getTime() + 30 * DAY;
    const { createApiKey } = await client.data(machines.createApiKey, { input: { name: 'CI', scopes: SCOPES } });
    expect(createApiKey.secret).toMatch(/^acme_/);
    const latest = Date.parse(createApiKey.apiKey.expiresAt);
    expect(latest).toBeGreaterThanOrEqual(earliest);
    expect(latest).toBeLessThan(earliest + 60_000);
    const input = { name: 'CI', scopes: SCOPES, expiresAt: new Date(latest + DAY).toISOString() };
    const { extensions } = await client.error(machines.createApiKey, { input });
    expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: { 'input.expiresAt': expect.any(String) } });
  });
});
