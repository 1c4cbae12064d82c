import { withoutTenant } from '@platform/postgres/tenancy';
import type { SubgraphEndpoint, SubgraphRequest } from '@platform/subgraph-client/endpoints';
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { SigningKeys } from '../src/services/tokens/index.js';
import { type IdentityUnderTest, useIdentity } from './identity-under-test.js';
import { refresh } from './operations.js';

const keysOf = async (identity: IdentityUnderTest): Promise<JSONWebKeySet> =>
  (await identity.harness.asService('router').data('{ signingKeys }')).signingKeys;

describe('access tokens', () => {
  const asked: SubgraphRequest[] = [];
  const authz: SubgraphEndpoint = {
    async execute(request) {
      asked.push(request);
      return { data: { _entities: [{ roles: [{ name: 'user' }, { name: 'editor' }] }] } };
    },
  };
  const identity = useIdentity({ endpoints: { authz } });

  it('verify against the published keys and say who, where and with which roles', async () => {
    const ada = await identity.signedIn();
    const keys = createLocalJWKSet(await keysOf(identity));

    const { payload, protectedHeader } = await jwtVerify(ada.accessToken, keys, {
      issuer: 'http://localhost:4000',
      audience: 'platform',
      typ: 'at+jwt',
      algorithms: ['ES256'],
    });

    expect(protectedHeader).toMatchObject({ alg: 'ES256', typ: 'at+jwt', kid: expect.any(String) });
    expect(payload).toEqual({
      iss: 'http://localhost:4000',
      aud: 'platform',
      sub: ada.id,
      sid: ada.sessionId,
      email: ada.email,
      roles: ['user', 'editor'],
      tenant_id: identity.harness.config.platform.tenantId,
      scope: '',
      auth_time: expect.any(Number),
      amr: ['pwd'],
      iat: expect.any(Number),
      exp: (payload.iat as number) + 900,
      jti: expect.any(String),
    });
    expect(asked.at(-1)?.variables).toEqual({ representations: [{ __typename: 'User', id: ada.id }] });
  });

  it('come with keys that tell nothing private, to the platform’s processes alone', async () => {
    const { keys } = await keysOf(identity);
    expect(keys).toEqual([expect.objectContaining({ kty: 'EC', crv: 'P-256', use: 'sig', alg: 'ES256' })]);
    expect(keys[0]).not.toHaveProperty('d');
    expect((await identity.guest().error('{ signingKeys }')).extensions.code).toBe('UNAUTHORIZED_FIELD_OR_TYPE');
    expect((await identity.admin().error('{ signingKeys }')).extensions.code).toBe('UNAUTHORIZED_FIELD_OR_TYPE');
  });

  it('are signed by one key, however many processes start at once', async () => {
    const { database, revocations, clock, config } = identity.infrastructure();
    const processes = Array.from(
      { length: 4 },
      () => new SigningKeys(database, revocations, clock, { ...config.identity, signingAlgorithm: 'EdDSA' }),
    );
    await Promise.all(processes.map((keys) => keys.start()));

    const current = await withoutTenant(() => Promise.all(processes.map((keys) => keys.current())));
    expect(new Set(current.map(({ kid }) => kid)).size).toBe(1);
    expect((await keysOf(identity)).keys.map(({ alg }) => alg).sort()).toEqual(['ES256', 'EdDSA']);
  });

  it('are signed by a key that the database does not give away', async () => {
    const [row] = await identity.harness.sql(`SELECT encode(private_key, 'escape') AS sealed FROM signing_keys`);
    expect(row.sealed).not.toContain('"d"');
    const { database, revocations, clock, config } = identity.infrastructure();
    const other = { ...config.identity, keyEncryptionSecret: 'another secret of at least 32 characters' };
    await expect(new SigningKeys(database, revocations, clock, other).start()).rejects.toThrow();
  });
});

describe('access tokens of other algorithms', () => {
  const identity = useIdentity({ set: ['identity.signingAlgorithm=RS256'] });

  it('are signed as configured', async () => {
    const { accessToken } = await identity.signedIn();
    expect(decodeProtectedHeader(accessToken).alg).toBe('RS256');
    await jwtVerify(accessToken, createLocalJWKSet(await keysOf(identity)));
  });
});

describe('a login while authz', () => {
  const hanging: SubgraphEndpoint = { execute: () => new Promise(() => {}) };
  const failing: SubgraphEndpoint = { execute: async () => ({ data: null, errors: [{ message: 'no' }] }) };
  const telling: SubgraphEndpoint = { execute: async () => ({ data: { _entities: [{ roles: [{ name: 'user' }] }] } }) };
  let current = failing;
  const away = useIdentity({ endpoints: {} });
  const silent = useIdentity({ endpoints: { authz: hanging }, set: ['identity.rolesTimeout=50ms'] });
  const refusing = useIdentity({ endpoints: { authz: { execute: (...call) => current.execute(...call) } } });
  beforeEach(() => {
    current = failing;
  });

  const claimed = async (identity: IdentityUnderTest, accessToken: string) =>
    (await jwtVerify(accessToken, createLocalJWKSet(await keysOf(identity)))).payload;

  it.each([
    ['is away', away],
    ['does not answer', silent],
    ['answers with errors', refusing],
  ])('%s works, and its token says nothing of roles and ends soon', async (_what, identity) => {
    const payload = await claimed(identity, (await identity.signedIn()).accessToken);
    expect(payload).not.toHaveProperty('roles');
    expect(payload.exp).toBe((payload.iat as number) + 60);
  });

  it('is away gets a token that names the roles by the next refresh', async () => {
    const { refreshToken: token } = await refusing.signedIn();
    const again = await refusing.guest().data(refresh, { refreshToken: token });
    expect(again.refreshToken.expiresIn).toBe(60);

    current = telling;
    const { accessToken, expiresIn } = (
      await refusing.guest().data(refresh, { refreshToken: again.refreshToken.refreshToken })
    ).refreshToken;
    expect(expiresIn).toBe(900);
    expect((await claimed(refusing, accessToken)).roles).toEqual(['user']);
  });
});
