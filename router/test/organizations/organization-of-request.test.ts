import { NO_ORGANIZATION, tenantVersion, userVersion } from '@platform/auth';
import { type TransportName, transports } from '@platform/testkit';
import { config } from '../http/harness-config.js';
import { RouterHarness } from '../http/router-harness.js';
import { post as postTo } from './post.js';

const USER = '018f0000-0000-7000-8000-00000000000a';
const [ACME, GLOBEX] = ['018f0000-0000-7000-8000-0000000000aa', '018f0000-0000-7000-8000-0000000000bb'];
const { tenantId: DEFAULT } = config.platform;
const names = Object.keys(transports) as TransportName[];

type Sent = Readonly<Record<string, string>>;

describe('the organization that a request names', () => {
  let router: RouterHarness;

  beforeEach(async () => {
    router = new RouterHarness();
    router.organizations.set('acme', ACME).set('globex', GLOBEX);
    await router.start({
      tenancy: { mode: 'multi', resolve: ['header', 'subdomain'], domain: 'example.com' },
      router: {
        batching: { enabled: true, maxOperations: 5 },
        headers: { ...router.defaults.headers, all: { forward: ['x-*'], set: {}, remove: [] } },
      },
    });
  });
  afterEach(() => router.stop());

  const post = (headers: Sent, query = '{ hello }') => postTo(router.url, query, headers);
  const tenantOf = async (headers: Sent): Promise<string | undefined> => {
    router.callers.length = 0;
    expect(await post(headers)).toMatchObject({ status: 200 });
    return router.callers.at(-1)?.tenantId;
  };
  const bearer = async (tenantId?: string): Promise<Sent> => ({
    authorization: `Bearer ${await router.issuer.token({ claims: { tenant_id: tenantId } })}`,
  });
  const organization = (name: string): Sent => ({ 'x-organization': name });
  const refused = { status: 400, body: expect.stringMatching(/another organization.*BAD_REQUEST/) };

  describe('of anonymous callers', () => {
    it.each(names)('is where they act, over %s: by header and by subdomain', async (name) => {
      const over = async (headers: Sent) => {
        router.callers.length = 0;
        expect((await transports[name](router.url, { query: '{ hello }' }, headers)).result.errors).toBeUndefined();
        return router.callers.at(-1);
      };
      expect(await over({})).toMatchObject({ kind: 'anonymous', tenantId: DEFAULT });
      expect(await over(organization('acme'))).toMatchObject({ kind: 'anonymous', tenantId: ACME });
      expect(await over(organization(GLOBEX))).toMatchObject({ kind: 'anonymous', tenantId: GLOBEX });
      expect(await over(organization('nobody'))).toMatchObject({ kind: 'anonymous', tenantId: NO_ORGANIZATION });
      if (name === 'WebSocket') expect(await over({ host: 'acme.example.com' })).toMatchObject({ tenantId: ACME });
    });

    it('is, by subdomain, the default one for the domain itself, and none for a subdomain of nobody', async () => {
      const { port } = new URL(router.url);
      const at = (host: string) => tenantOf({ host: `${host}:${port}` });
      expect(await at('example.com')).toBe(DEFAULT);
      expect(await at('www.example.com')).toBe(DEFAULT);
      expect(await at('acme.example.com')).toBe(ACME);
      expect(await at('nobody.example.com')).toBe(NO_ORGANIZATION);
      expect(await at('elsewhere.test')).toBe(DEFAULT);
    });

    it('looks the same where there is none as where it is empty', async () => {
      for (const query of ['{ hello }', '{ secret }', '{ me }', '{ nonsense }', 'mutation { write(text: "a") }']) {
        const [empty, unknown, impossible] = [
          await post(organization('acme'), query),
          await post(organization('nobody'), query),
          await post(organization('a b'), query),
        ];
        expect([unknown, impossible]).toEqual([empty, empty]);
      }
    });

    it('is none from the next request on when it is suspended or renamed, also where many ask', async () => {
      expect(await tenantOf(organization('acme'))).toBe(ACME);
      router.organizations.delete('acme');
      await router.revocations.bump([tenantVersion(ACME)]);
      expect(new Set(await Promise.all(Array.from({ length: 5 }, () => tenantOf(organization('acme')))))).toEqual(
        new Set([NO_ORGANIZATION]),
      );
      expect(await tenantOf(organization(ACME))).toBe(NO_ORGANIZATION);
    });

    it('is another one as soon as that has the name', async () => {
      expect(await tenantOf(organization('acme'))).toBe(ACME);
      router.organizations.set('acme', GLOBEX).set('globex', ACME);
      await router.revocations.bump([tenantVersion(ACME), tenantVersion(GLOBEX)]);
      expect(await tenantOf(organization('acme'))).toBe(GLOBEX);
      expect(await tenantOf(organization('globex'))).toBe(ACME);
    });

    it('is asked for each time while the store of versions is unavailable', async () => {
      router.revocations.broken = true;
      expect(await tenantOf(organization('acme'))).toBe(ACME);
      router.organizations.delete('acme');
      expect(await tenantOf(organization('acme'))).toBe(NO_ORGANIZATION);
    });

    it('is asked of identity a few times for many requests, and what cannot be a name never', async () => {
      await tenantOf({});
      const before = router.calls['identity'] ?? 0;
      for (let request = 0; request < 5; request += 1) {
        await tenantOf(organization('acme'));
        await tenantOf(organization('nobody'));
        await tenantOf(organization('not_a_name'));
      }
      expect(router.calls['identity']).toBe(before + 3);
    });

    it('is answered 503 while identity is unavailable, unless it is known', async () => {
      await tenantOf(organization('acme'));
      router.away.add('identity');
      expect(await tenantOf(organization('acme'))).toBe(ACME);
      expect(await tenantOf({})).toBe(DEFAULT);
      expect(await post(organization('globex'))).toMatchObject({
        status: 503,
        body: expect.stringContaining('SERVICE_UNAVAILABLE'),
      });
    });
  });

  describe('of a user', () => {
    it.each(names)('may be the one of the token and no other, over %s', async (name) => {
      const over = async (headers: Sent) =>
        transports[name](router.url, { query: '{ hello }' }, { ...(await bearer(ACME)), ...headers });
      for (const own of ['acme', ACME, ACME.toUpperCase()]) {
        expect((await over(organization(own))).result).toEqual({ data: { hello: 'Hello, world' } });
        expect(router.callers.at(-1)).toMatchObject({ kind: 'user', tenantId: ACME });
      }
      for (const other of ['globex', GLOBEX, 'nobody']) {
        const rejected = over(organization(other));
        if (name === 'WebSocket') await expect(rejected).rejects.toMatchObject({ code: 4403 });
        else expect((await rejected).result).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
      }
    });

    it('decides nothing: the token does', async () => {
      expect(await tenantOf({ ...(await bearer(ACME)), host: 'www.example.com' })).toBe(ACME);
      expect(await post({ ...(await bearer(ACME)), ...organization('globex') })).toMatchObject(refused);
      expect(await post({ ...(await bearer(ACME)), host: 'globex.example.com' })).toMatchObject(refused);
    });

    it('changes nothing for a user who acts in none', async () => {
      expect(await tenantOf({ ...(await bearer()), ...organization('acme') })).toBe(NO_ORGANIZATION);
      expect(await tenantOf({ ...(await bearer(ACME)), ...organization('acme') })).toBe(ACME);
      router.withoutMembers.add(ACME);
      router.organizations.delete('acme');
      await router.revocations.bump([tenantVersion(ACME), userVersion(USER)]);
      expect(await tenantOf({ ...(await bearer(ACME)), ...organization('acme') })).toBe(NO_ORGANIZATION);
    });

    it('is answered 503 while identity is unavailable and the name is not known', async () => {
      const headers = await bearer(ACME);
      await tenantOf(headers);
      router.away.add('identity');
      expect(await tenantOf({ ...headers, ...organization(ACME) })).toBe(ACME);
      expect(await post({ ...headers, ...organization('acme') })).toMatchObject({ status: 503 });
    });
  });

  it('is not told to subgraphs by any header but the caller token', async () => {
    await post({ ...organization('acme'), 'x-other': '1' });
    expect(router.headers.at(-1)).toMatchObject({ 'x-other': '1' });
    expect(router.headers.at(-1)).not.toHaveProperty('x-organization');
  });
});
