import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeSupergraph } from '@platform/federation-engine/composition';
import { Canary, eventually, PlatformProcess, sendTarget, targetsThatAreNone } from '@platform/testkit';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { JsonService } from './json-service.js';
import { StandAloneRouter } from './stand-alone-router.js';

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@authenticated", "@requiresScopes", "@policy"])';

/** An issuer of access tokens with its keys behind a URL. */
class Issuer {
  /** Public keys. */
  published: object[] = [];

  private constructor(
    readonly name: string,
    readonly service: JsonService,
    private readonly key: Awaited<ReturnType<typeof generateKeyPair>>['privateKey'],
  ) {}

  static async start(name: string, alg = 'ES256'): Promise<Issuer> {
    const { publicKey, privateKey } = await generateKeyPair(alg);
    const issuer = new Issuer(name, await JsonService.start(() => ({ keys: issuer.published })), privateKey);
    issuer.published = [{ ...(await exportJWK(publicKey)), kid: name, alg }];
    return issuer;
  }

  token(claims: Record<string, unknown> = {}, { alg = 'ES256', expires = '5m' } = {}): Promise<string> {
    return new SignJWT({ iss: this.name, aud: 'shop', sub: 'ada', ...claims })
      .setProtectedHeader({ alg, kid: this.name })
      .setIssuedAt()
      .setExpirationTime(expires)
      .sign(this.key);
  }
}

describe('a router that stands alone', () => {
  let subgraph: JsonService;
  let issuer: Issuer;
  let other: Issuer;
  let policies: JsonService;
  let router: StandAloneRouter;
  /** What the policy endpoint answers. */
  let held: string[];
  let sdl: string;

  beforeAll(async () => {
    subgraph = await JsonService.start(() => ({
      data: { open: 1, mine: 2, scoped: 3, admin: 4, plan: 5, far: 6, further: 7 },
    }));
    [issuer, other] = await Promise.all([Issuer.start('https://one.example'), Issuer.start('https://two.example')]);
    policies = await JsonService.start(() => held);
    const typeDefs = `${LINK}
      type Query {
        open: Int
        mine: Int @authenticated
        scoped: Int @requiresScopes(scopes: [["read"]])
        admin: Int @policy(policies: [["shop.admin"]])
        plan: Int @policy(policies: [["shop.premium"]])
        far: Int @policy(policies: [["far.one"]])
        further: Int @policy(policies: [["far.two"]])
      }`;
    sdl = composeSupergraph([{ name: 'shop', url: subgraph.url, typeDefs }]).sdl;
  });
  afterAll(() => Promise.all([subgraph, issuer.service, other.service, policies].map((service) => service.stop())));
  beforeEach(() => {
    held = [];
    policies.broken = false;
    for (const { bodies, headers } of [subgraph, policies, issuer.service]) {
      bodies.length = 0;
      headers.length = 0;
    }
  });
  afterEach(() => router?.stop());

  const jwt = () => `
jwt:
  issuers:
    - { issuer: ${issuer.name}, jwksUrl: '${issuer.service.url}', audience: shop, algorithms: [ES256] }
    - { issuer: ${other.name}, jwksUrl: '${other.service.url}', audience: [shop, desk] }
`;
  const as = async (claims: Record<string, unknown>) => router.client.withToken(await issuer.token(claims));

  it('goes nowhere that the target of a request names', async () => {
    router = await StandAloneRouter.start({ sdl });
    const canary = await Canary.start();
    for (const path of ['/graphql', '/blobs/blog/cover-image/1/2.png']) {
      await sendTarget(router.url, `http://${canary.host}${path}`);
      for (const target of targetsThatAreNone(canary.host, path)) {
        expect([target, (await sendTarget(router.url, target)).status]).toEqual([target, 400]);
      }
    }
    canary.stop();
    expect(canary.asked).toEqual([]);
  });

  it('needs nothing but a supergraph: everybody is anonymous, whatever they send', async () => {
    router = await StandAloneRouter.start({ sdl });
    const { data, errors } = await router.client.withToken('whatever').request('{ open mine }');
    expect(data).toEqual({ open: 1, mine: null });
    expect(errors).toMatchObject([{ path: ['mine'], extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }]);
    expect(await (await fetch(`${router.url}/healthz`)).json()).toEqual({ status: 'ok' });
    expect(await router.readiness()).toMatchObject({ status: 'ready', checks: { supergraph: { status: 'ok' } } });
    expect(await router.stop()).toBe(0);
  });

  it('accepts the tokens of every issuer that it knows, each by its own keys and rules', async () => {
    router = await StandAloneRouter.start({ sdl, config: jwt() });
    for (const token of [await issuer.token(), await other.token(), await other.token({ aud: 'desk' })]) {
      expect(await router.client.withToken(token).data('{ mine }')).toEqual({ mine: 2 });
    }
    const refused = {
      'of another audience': await issuer.token({ aud: 'desk' }),
      'of an unknown issuer': await issuer.token({ iss: 'https://three.example' }),
      'of one issuer with the key of the other': await other.token({ iss: issuer.name }),
      expired: await issuer.token({}, { expires: '-1m' }),
      'that is none': 'nonsense',
    };
    for (const [kind, token] of Object.entries(refused)) {
      const { status, errors } = await router.client.withToken(token).request('{ open }');
      expect({ kind, status, code: errors[0]?.extensions.code }).toEqual({
        kind,
        status: 401,
        code: 'UNAUTHENTICATED',
      });
    }
    expect(issuer.service.bodies.length).toBeLessThanOrEqual(2);
    expect(await (await as({ scope: 'read write' })).data('{ scoped }')).toEqual({ scoped: 3 });
    expect(await (await as({ scope: ['read'] })).data('{ scoped }')).toEqual({ scoped: 3 });
  });

  it.each(['withdrawn', 'replaced under the same id'])(
    'refuses a token that it has verified once its key is %s',
    async (change) => {
      const own = await Issuer.start('https://own.example');
      const config = `jwt:
  jwksRefresh: 1ms
  issuers: [{ issuer: ${own.name}, jwksUrl: '${own.service.url}', audience: shop }]`;
      router = await StandAloneRouter.start({ sdl, config });
      const bearer = router.client.withToken(await own.token());
      expect(await bearer.data('{ mine }')).toEqual({ mine: 2 });

      const successor = await Issuer.start(own.name);
      own.published = change === 'withdrawn' ? [] : successor.published;
      await eventually(async () => {
        const { status, errors } = await bearer.request('{ mine }');
        expect([status, errors[0]?.extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
      });
      await Promise.all([own, successor].map(({ service }) => service.stop()));
    },
    30_000,
  );

  it('does not ask an issuer that has never answered with every request', async () => {
    const own = await Issuer.start('https://own.example');
    own.service.broken = true;
    const config = `jwt: { issuers: [{ issuer: ${own.name}, jwksUrl: '${own.service.url}', audience: shop }] }`;
    router = await StandAloneRouter.start({ sdl, config });
    const bearer = router.client.withToken(await own.token());
    const started = performance.now();
    for (let count = 0; count < 40; count += 1) {
      expect((await bearer.request('{ mine }')).errors[0]?.extensions.code).toBe('SERVICE_UNAVAILABLE');
    }
    expect(own.service.headers.length).toBeLessThanOrEqual(2 + (performance.now() - started) / 1_000);
    await own.service.stop();
  });

  it('decides policies by what tokens say', async () => {
    router = await StandAloneRouter.start({
      sdl,
      config: `${jwt()}  rolesClaim: realm_access.roles
policies:
  rules:
    shop.admin: { roles: [owner, admin] }
    shop.premium: { claims: { plan: [gold, platinum], 'address.country': NL }, scopes: [pay] }
`,
    });
    const answer = async (claims: Record<string, unknown>) => (await (await as(claims)).request('{ admin plan }')).data;
    expect(await answer({ realm_access: { roles: ['clerk', 'admin'] } })).toEqual({ admin: 4, plan: null });
    expect(await answer({ roles: ['admin'] })).toEqual({ admin: null, plan: null });
    const premium = { plan: 'gold', address: { country: 'NL' }, scope: 'pay' };
    expect(await answer(premium)).toEqual({ admin: null, plan: 5 });
    expect(await answer({ ...premium, plan: 'tin' })).toEqual({ admin: null, plan: null });
    expect(await answer({ ...premium, scope: '' })).toEqual({ admin: null, plan: null });
    expect((await router.client.request('{ admin plan }')).data).toEqual({ admin: null, plan: null });
  });

  describe('with a policy endpoint', () => {
    const start = async (cacheLifetime = '1h') => {
      router = await StandAloneRouter.start({
        sdl,
        config: `${jwt()}policies: { endpoint: '${policies.url}', timeout: 300ms, cacheLifetime: ${cacheLifetime}, rules: { shop.admin: { roles: [admin] } } }`,
      });
    };

    it('asks it once for all that an operation needs and no rule decides, and keeps the answers', async () => {
      await start();
      held = ['far.one', 'shop.premium', 'never.asked'];
      const ada = await as({ roles: ['admin'] });
      const query = '{ open admin plan far further }';
      expect((await ada.request(query)).data).toEqual({ open: 1, admin: 4, plan: 5, far: 6, further: null });
      expect(policies.bodies).toEqual([
        {
          policies: ['shop.premium', 'far.one', 'far.two'],
          claims: expect.objectContaining({ sub: 'ada', roles: ['admin'], iss: issuer.name }),
        },
      ]);

      await Promise.all([ada.request(query), ada.request('{ far }'), ada.request('{ further plan }')]);
      expect(policies.bodies).toHaveLength(1);
      await ada.request('{ open }');
      await router.client.request('{ far }');
      expect(policies.bodies.slice(1)).toEqual([{ policies: ['far.one'], claims: null }]);
    });

    it('asks again when the answer is too old', async () => {
      await start('1ms');
      const ada = await as({});
      expect((await ada.request('{ far }')).data).toEqual({ far: null });
      held = ['far.one'];
      await eventually(async () => expect((await ada.request('{ far }')).data).toEqual({ far: 6 }));
    });

    it('refuses nothing as decided while it is away, and asks again once it is back', async () => {
      await start();
      held = ['far.one'];
      policies.broken = true;
      const ada = await as({ roles: ['admin'] });
      const answer = await ada.request('{ open admin far }');
      expect(answer.data).toEqual({ open: 1, admin: 4, far: null });
      expect(answer.errors).toMatchObject([{ path: ['far'], extensions: { code: 'SERVICE_UNAVAILABLE' } }]);
      expect(router.process.printed).toMatch(/policy endpoint unavailable/);
      policies.broken = false;
      expect((await ada.request('{ far }')).data).toEqual({ far: 6 });
    });

    it('waits for it no longer than it is told to', async () => {
      const silent = createServer().listen(0, '127.0.0.1');
      await once(silent, 'listening');
      const { port } = silent.address() as { port: number };
      router = await StandAloneRouter.start({
        sdl,
        config: `policies: { endpoint: 'http://127.0.0.1:${port}', timeout: 200ms }`,
      });
      const started = performance.now();
      expect((await router.client.request('{ open far }')).data).toEqual({ open: 1, far: null });
      expect(performance.now() - started).toBeLessThan(5_000);
      silent.close();
    });
  });

  it('forwards the headers that are listed and no others', async () => {
    router = await StandAloneRouter.start({
      sdl,
      config: `${jwt()}router: { forwardHeaders: [X-Tenant, authorization] }`,
    });
    const token = await issuer.token();
    const sent = { 'x-tenant': 'acme', 'x-internal': 'forged', cookie: 'session=1', 'x-request-id': 'request-1' };
    await router.client.withToken(token).withHeaders(sent).data('{ open }');
    expect(subgraph.headers[0]).toMatchObject({
      'x-tenant': 'acme',
      authorization: `Bearer ${token}`,
      'x-request-id': 'request-1',
    });
    expect(Object.keys(subgraph.headers[0] ?? {})).not.toEqual(expect.arrayContaining(['x-internal']));
    expect(subgraph.headers[0]?.cookie).toBeUndefined();
  });

  it('keeps Authorization to itself unless told otherwise', async () => {
    router = await StandAloneRouter.start({ sdl, config: jwt() });
    await (await as({})).data('{ open }');
    expect(subgraph.headers[0]?.authorization).toBeUndefined();
  });

  it('reaches a subgraph at the URL and within the time that its configuration says', async () => {
    const elsewhere = composeSupergraph([
      { name: 'shop', url: 'http://127.0.0.1:9/nowhere', typeDefs: 'type Query { open: Int }' },
    ]).sdl;
    router = await StandAloneRouter.start({
      sdl: elsewhere,
      config: `router: { subgraphs: { shop: { url: '${subgraph.url}' } } }`,
    });
    expect(await router.client.data('{ open }')).toEqual({ open: 1 });
    await router.stop();

    const slow = await JsonService.start(() => new Promise(() => {}));
    router = await StandAloneRouter.start({
      sdl: elsewhere,
      env: { ROUTER_SUBGRAPHS: JSON.stringify({ shop: { url: slow.url, timeout: '50ms' } }) },
    });
    expect(await router.client.codes('{ open }')).toEqual(['SUBGRAPH_TIMEOUT']);
    await slow.stop();
  });

  it('shows its schema and its explorer to developers, and to others only when told to', async () => {
    const opens = async () => {
      const page = await fetch(`${router.url}/graphql`, { headers: { accept: 'text/html' } });
      return page.headers.get('content-type')?.includes('text/html') ?? false;
    };
    const assets = async () => {
      const page = await fetch(`${router.url}/graphql`, { headers: { accept: 'text/html' } });
      const paths = [...(await page.text()).matchAll(/(?:src|href)="(\.\/dev\/[^"]+)"/g)].map(([, path]) => path);
      return Promise.all(
        paths.map(async (path) => (await fetch(new URL(String(path), `${router.url}/graphql`))).status),
      );
    };
    const introspects = async () => (await router.client.codes('{ __schema { queryType { name } } }')).length === 0;

    router = await StandAloneRouter.start({ sdl, env: { PLATFORM_ENV: 'production', SERVER_HOST: '127.0.0.1' } });
    expect([await opens(), await introspects()]).toEqual([false, false]);
    await router.stop();
    router = await StandAloneRouter.start({
      sdl,
      env: { PLATFORM_ENV: 'production', SERVER_HOST: '127.0.0.1', ROUTER_INTROSPECTION: 'true' },
      args: ['--set', 'router.explorer=true'],
    });
    expect([await opens(), await introspects()]).toEqual([true, true]);
    await router.stop();
    router = await StandAloneRouter.start({ sdl });
    expect([await opens(), await introspects()]).toEqual([true, true]);
    expect(new Set(await assets())).toEqual(new Set([200]));
  });

  it('lists every mistake of its configuration, and serves nothing', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'router-')), 'router.yaml');
    await writeFile(
      file,
      `
router: { subgraphTimeot: 5s, authorization: { mode: strict }, forwardHeaders: [host], cors: { origins: ['https://a.example/'] } }
jwt: { issuers: [{ issuer: x, jwksUrl: nope, algorithms: [none] }] }
policies: { rules: { empty: {}, odd: { rolez: [x] } } }
database: { url: 'postgres://x' }
`,
    );
    const failed = PlatformProcess.start(['router', '--supergraph', 'x', '--config', file], {
      ROUTER_MAX_TOKENS: 'many',
    });
    expect(await failed.ended()).toBe(1);
    for (const key of [
      'router.subgraphTimeot: unknown key',
      'router.authorization.mode',
      'router.forwardHeaders.0',
      'router.cors.origins.0',
      'router.maxTokens',
      'jwt.issuers.0.jwksUrl',
      'jwt.issuers.0.algorithms.0',
      'policies.rules.empty: needs roles',
      'policies.rules.odd.rolez: unknown key',
      'database.url: unknown key',
    ]) {
      expect(failed.printed).toContain(`- ${key}`);
    }
    expect(failed.printed).toContain('did you mean router.subgraphTimeout?');
  });

  it('finds the supergraph that its file names, relative to that file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'router-'));
    await writeFile(`${folder}/shop.graphql`, sdl);
    await writeFile(`${folder}/router.yaml`, 'router: { supergraph: shop.graphql }');
    const process = PlatformProcess.start(['router', '--config', `${folder}/router.yaml`, '--port', '0'], {
      LOGGING_FORMAT: 'json',
    });
    await process.prints(/Listening on/);
    expect(await process.end()).toBe(0);

    const lost = PlatformProcess.start(['router']);
    expect(await lost.ended()).toBe(1);
    expect(lost.printed).toContain('--supergraph');
  });
});
