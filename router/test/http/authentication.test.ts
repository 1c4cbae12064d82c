import { jest } from '@jest/globals';
import { eventually } from '@platform/testkit';
import { UnsecuredJWT } from 'jose';
import { AuthorizationMetrics } from '../../src/authorization-metrics.js';
import { Issuer } from './issuer.js';
import { RouterHarness } from './router-harness.js';

describe('authentication', () => {
  let router: RouterHarness;

  beforeEach(async () => {
    router = new RouterHarness();
    await router.start();
  });
  afterEach(() => router.stop());

  const ask = (token: string) => router.client.withToken(token).request('{ hello }');

  it('takes a request without a token for an anonymous one', async () => {
    expect(await router.client.data('{ hello }')).toEqual({ hello: 'Hello, world' });
    expect(router.callers.at(-1)).toMatchObject({ kind: 'anonymous', userId: null });
  });

  it('tells subgraphs who calls and what they hold, and nothing that the client made up', async () => {
    const token = await router.issuer.token();
    await router.client
      .withToken(token)
      .withHeaders({ 'x-caller-token': 'forged', 'x-client-ip': '6.6.6.6', 'x-internal': '1' })
      .data('{ hello }');

    expect(router.callers.at(-1)).toMatchObject({
      kind: 'user',
      userId: '018f0000-0000-7000-8000-00000000000a',
      sessionId: 'session-1',
    });
    expect([...(router.callers.at(-1)?.permissions ?? [])]).toEqual(['blog.post.read']);
    expect(Object.keys(router.headers.at(-1) ?? {}).sort()).toEqual([
      'user-agent',
      'x-caller-token',
      'x-client-ip',
      'x-request-id',
      'x-timeout-ms',
    ]);
    expect(router.headers.at(-1)?.['x-client-ip']).toBe('127.0.0.1');
  });

  it.each(['Basic dXNlcjpwYXNz', 'Bearer', 'Bearer a b', 'token', ''])(
    'answers 400 to the header "%s"',
    async (authorization) => {
      const answer = await router.client.withHeaders({ authorization }).request('{ hello }');
      expect(answer).toMatchObject({ status: 400, errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
    },
  );

  it('answers 401 to every token that is not good, and calls no subgraph', async () => {
    const { issuer } = router;
    const [header, , signature] = (await issuer.token()).split('.');
    const stolen = Buffer.from(JSON.stringify({ sub: 'somebody else', exp: 9_999_999_999 })).toString('base64url');
    const tokens = {
      malformed: 'nonsense',
      expired: await issuer.token({ expiresAt: Date.now() - 60_000 }),
      'not valid yet': await issuer.token({ claims: { nbf: Math.floor(Date.now() / 1000) + 600 } }),
      'of another audience': await issuer.token({ claims: { aud: 'another' } }),
      'of another issuer': await issuer.token({ claims: { iss: 'https://evil.example' } }),
      'with an unknown key': await new Issuer('key-2').token(),
      'forged under the known key id': await new Issuer('key-1').token(),
      'with alg none': new UnsecuredJWT({ sub: 'x' })
        .setIssuer('http://localhost:4000')
        .setAudience('platform')
        .setExpirationTime('1h')
        .encode(),
      'with another payload': `${header}.${stolen}.${signature}`,
      'of another type': await issuer.token({ header: { typ: 'JWT' } }),
      'without a session': await issuer.token({ claims: { sid: undefined } }),
    };
    router.endedSessions.add(null as never);

    for (const [kind, token] of Object.entries(tokens)) {
      const answer = await ask(token);
      expect({ kind, ...answer }).toMatchObject({
        kind,
        status: 401,
        errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
      });
      expect(answer.headers.get('www-authenticate')).toContain('Bearer');
    }
    expect(router.calls.blog).toBe(0);
  });

  it('accepts a key that identity began to use after the router had read its keys', async () => {
    expect((await ask(await router.issuer.token())).status).toBe(200);
    router.issuer.rotate('key-2');
    expect((await ask(await router.issuer.token())).status).toBe(401);

    await later(6_000, async () => {
      expect((await ask(await router.issuer.token())).status).toBe(200);
    });
  });

  it('accepts a new key as soon after the clock was set back by an hour', async () => {
    await ask(await router.issuer.token());
    router.issuer.rotate('key-2');
    const token = await router.issuer.token({ expiresAt: Date.now() + 60_000 });
    await withClock(Date.now() - 3_600_000, () =>
      later(6_000, async () => {
        expect((await ask(token)).status).toBe(200);
      }),
    );
  });

  it.each([3_600_000, -3_600_000])('tells subgraphs who calls when the clock was set by %i ms', async (ms) => {
    await router.client.data('{ hello }');
    await withClock(Date.now() + ms, async () => {
      expect(await router.client.data('{ hello }')).toEqual({ hello: 'Hello, world' });
      expect(tokenLife(router.headers.at(-1)?.['x-caller-token'])).toBeLessThanOrEqual(60_000);
    });
  });

  it('does not ask identity again for each unknown key', async () => {
    await ask(await router.issuer.token());
    const before = router.calls.identity;
    await Promise.all(
      Array.from({ length: 20 }, async (_, index) => ask(await new Issuer(`unknown-${index}`).token())),
    );
    expect(router.calls.identity).toBe(before);
  });

  it('accepts a new key at once when identity tells of it, also during a flood of unknown keys', async () => {
    await ask(await router.issuer.token());
    await ask(await new Issuer('unknown').token());
    router.issuer.rotate('key-2');
    await router.revocations.bump(['signing-keys']);
    const before = router.calls.identity;
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, index) =>
        ask(await (index % 2 ? new Issuer(`unknown-${index}`) : router.issuer).token()),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(
      Array.from({ length: 20 }, (_, index) => (index % 2 ? 401 : 200)),
    );
    expect(router.calls.identity).toBeLessThanOrEqual((before ?? 0) + 3);
  });

  it('refuses the tokens of a revoked key from the next request on, whatever it knew of them', async () => {
    const token = await router.issuer.token();
    const unseen = await router.issuer.token({ claims: { jti: 'unseen' } });
    expect((await ask(token)).status).toBe(200);

    router.issuer.rotate('key-2');
    await router.revocations.bump(['signing-keys']);
    for (const refused of [token, unseen]) {
      expect(await ask(refused)).toMatchObject({ status: 401, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    }
    expect((await ask(await router.issuer.token())).status).toBe(200);
  });

  it('refuses the tokens of a revoked key also while the revocations cannot be read', async () => {
    const token = await router.issuer.token();
    expect((await ask(token)).status).toBe(200);
    router.revocations.broken = true;
    expect((await ask(token)).status).toBe(200);
    router.issuer.rotate('key-2');
    expect((await ask(token)).status).toBe(401);
  });

  it('refuses the token of an ended session from the next request on', async () => {
    const token = await router.issuer.token();
    expect((await ask(token)).status).toBe(200);

    router.endedSessions.add('session-1');
    await router.revocations.bump(['user:018f0000-0000-7000-8000-00000000000a']);

    expect(await ask(token)).toMatchObject({ status: 401, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  it('publishes the keys, a new one as soon as identity tells of it', async () => {
    const published = async () => (await fetch(router.url.replace('/graphql', '/.well-known/jwks.json'))).json();
    expect(await published()).toEqual(router.issuer.jwks());
    router.issuer.rotate('key-2');
    await router.revocations.bump(['signing-keys']);
    expect(await published()).toEqual({ keys: [expect.objectContaining({ kid: 'key-2' })] });
  });

  it('publishes a new key also when identity could not be asked at first', async () => {
    const published = async () => (await fetch(router.url.replace('/graphql', '/.well-known/jwks.json'))).json();
    const before = router.issuer.jwks();
    expect(await published()).toEqual(before);
    router.issuer.rotate('key-2');
    router.away.add('identity');
    await router.revocations.bump(['signing-keys']);
    expect(await published()).toEqual(before);

    router.away.clear();
    await eventually(async () => expect(await published()).toEqual(router.issuer.jwks()));
  });
});

describe('callers', () => {
  let router: RouterHarness;
  const secret = '{ secret }';

  beforeEach(async () => {
    router = new RouterHarness();
    await router.start();
  });
  afterEach(() => router.stop());

  it('are resolved once while nothing changes, however many requests they make', async () => {
    const client = router.client.withToken(await router.issuer.token());
    await Promise.all(Array.from({ length: 10 }, () => client.data(secret)));
    const { authz } = router.calls;
    await client.data(secret);
    expect(authz).toBeLessThanOrEqual(2);
    expect(router.calls.authz).toBe(authz);
  });

  it('lose a permission with the next request after the change', async () => {
    expect(await router.client.codes(secret)).toEqual([]);
    router.permissions = [];
    await router.changeRoles();
    expect(await router.client.codes(secret)).toEqual(['UNAUTHORIZED_FIELD_OR_TYPE']);
  });

  it('are asked for anew on each request while the revocations cannot be read', async () => {
    router.revocations.broken = true;
    expect(await router.client.codes(secret)).toEqual([]);
    router.permissions = [];
    expect(await router.client.codes(secret)).toEqual(['UNAUTHORIZED_FIELD_OR_TYPE']);
  });

  it('are refused nothing while authz is away: what they hold is not decided', async () => {
    router.away.add('authz');
    expect(await router.client.codes(secret)).toEqual(['SERVICE_UNAVAILABLE']);
    expect((await router.metrics.of(AuthorizationMetrics).denials.get()).values[0]?.value).toBe(0);
    expect(await router.client.data('{ hello }')).toEqual({ hello: 'Hello, world' });
    const told = router.callers.at(-1);
    expect(() => told?.permissions.has('blog.post.read')).toThrow('cannot be found out right now');

    router.away.clear();
    expect(await router.client.codes(secret)).toEqual([]);
  });

  it('cannot sign in anew while identity is away, but those known go on and guests do too', async () => {
    const known = await router.issuer.token();
    await router.client.withToken(known).data('{ hello }');
    router.away.add('identity');

    const stranger = await router.issuer.token({ claims: { sub: '018f0000-0000-7000-8000-00000000000b' } });
    expect(await router.client.withToken(stranger).request('{ hello }')).toMatchObject({
      status: 503,
      errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }],
    });
    expect(await router.client.withToken(known).data('{ hello }')).toEqual({ hello: 'Hello, world' });
    expect(await router.client.data('{ hello }')).toEqual({ hello: 'Hello, world' });
  });
});

/** What is left of a caller token's life, in ms. */
function tokenLife(token = ''): number {
  const { exp } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  const left = exp * 1_000 - Date.now();
  if (left <= 0) throw new Error(`It expired ${-left} ms ago`);
  return left;
}

/** Lets time pass, whatever the clock shows. */
async function later(ms: number, work: () => Promise<void>): Promise<void> {
  const real = performance.now;
  performance.now = () => real.call(performance) + ms;
  try {
    await work();
  } finally {
    performance.now = real;
  }
}

/** What does not show the time of day goes on as it is. */
const GOES_ON = [
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
  'setTimeout',
  'clearTimeout',
] as const;

async function withClock(now: number, work: () => Promise<void>): Promise<void> {
  jest.useFakeTimers({ now, doNotFake: [...GOES_ON] });
  try {
    await work();
  } finally {
    jest.useRealTimers();
  }
}
