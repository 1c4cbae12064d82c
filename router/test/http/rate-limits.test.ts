import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { LiveSettings } from '@platform/router';
import { eventually, GraphQLClient, type StreamClientName, streamClientNames, streamClients } from '@platform/testkit';
import { RouterHarness } from './router-harness.js';

type RateLimitRules = LiveSettings['rateLimit'];

const minute = 60_000;
const loose = { limit: 1_000, window: minute };
const none = { Query: {}, Mutation: {}, Subscription: {} };
const rules: RateLimitRules = {
  enabled: true,
  headers: true,
  perIp: loose,
  perUser: loose,
  cost: null,
  operations: {},
  fields: none,
};

describe('rate limits', () => {
  let router: RouterHarness;
  afterEach(() => router.stop());

  const start = async (rateLimit: Partial<RateLimitRules>): Promise<void> => {
    router = new RouterHarness();
    await router.start({ router: { rateLimit: { ...rules, ...rateLimit }, subgraphTimeout: 5_000 } });
  };

  it('refuse with 429, the time to wait and how the limit stands', async () => {
    await start({ perIp: { limit: 2, window: minute } });
    const { headers } = await router.client.request('{ hello }');
    expect(Object.fromEntries(headers)).toMatchObject({
      'ratelimit-policy': '2;w=60',
      'ratelimit-limit': '2',
      'ratelimit-remaining': '1',
      'x-ratelimit-remaining': '1',
    });
    await router.client.request('{ hello }');
    const refused = await router.client.request('{ hello }');
    expect(refused.status).toBe(429);
    expect(refused.errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }]);
    const retryAfter = refused.errors[0]?.extensions.retryAfter;
    expect(retryAfter).toBeGreaterThan(0);
    expect(refused.headers.get('retry-after')).toBe(String(retryAfter));
    expect(refused.headers.get('x-ratelimit-remaining')).toBe('0');
  });

  it('count bad tokens and malformed documents against the address', async () => {
    await start({ perIp: { limit: 2, window: minute } });
    const stranger = router.client.withToken('nonsense');
    expect(await stranger.codes('{ hello }')).toEqual(['UNAUTHENTICATED']);
    expect(await router.client.codes('{')).toEqual(['GRAPHQL_PARSE_FAILED']);
    expect(await stranger.codes('{ hello }')).toEqual(['RATE_LIMITED']);
  });

  it('refuse before a body is read', async () => {
    await start({ perIp: { limit: 1, window: minute } });
    expect(await router.client.codes('{ hello }')).toEqual([]);
    const headers = { 'content-type': 'application/json', 'content-length': '1000' };
    const unsent = request(router.url, { method: 'POST', headers, agent: false });
    unsent.on('error', () => undefined);
    unsent.flushHeaders();
    const [response] = (await once(unsent, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(429);
    expect(response.headers).toMatchObject({ 'ratelimit-remaining': '0' });
    expect(JSON.parse(await text(response))).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
    unsent.destroy();
  });

  it('count bodies that are no requests', async () => {
    await start({ perIp: { limit: 3, window: minute } });
    const statuses = [];
    for (let sent = 0; sent < 4; sent += 1) {
      const malformed = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' };
      statuses.push((await fetch(router.url, malformed)).status);
    }
    expect(statuses).toEqual([400, 400, 400, 429]);
  });

  it('hold a user back, and not the others', async () => {
    await start({ perUser: { limit: 1, window: minute } });
    const ada = router.client.withToken(await router.issuer.token());
    const other = '018f0000-0000-7000-8000-00000000000b';
    const bob = router.client.withToken(await router.issuer.token({ claims: { sub: other, sid: 'session-2' } }));
    expect(await ada.codes('{ hello }')).toEqual([]);
    expect(await ada.codes('{ hello }')).toEqual(['RATE_LIMITED']);
    expect(await bob.codes('{ hello }')).toEqual([]);
    expect(await router.client.codes('{ hello }')).toEqual([]);
  });

  it('count each alias of a limited field, in fragments too, and run nothing of what is over', async () => {
    await start({ fields: { ...none, Mutation: { write: { limit: 3, window: minute, per: 'ip' } } } });
    const twice = 'mutation { a: write(text: "a") ...B } fragment B on Mutation { b: write(text: "b") }';
    expect(await router.client.codes(twice)).toEqual([]);
    const calls = router.calls.blog;
    expect(await router.client.codes(twice)).toEqual(['RATE_LIMITED']);
    expect(router.calls.blog).toBe(calls);
    expect(await router.client.codes('mutation { write(text: "c") }')).toEqual([]);
    expect(await router.client.codes('mutation { write(text: "d") }')).toEqual(['RATE_LIMITED']);
    expect(await router.client.codes('{ hello }')).toEqual([]);
  });

  it('limit an operation by its name', async () => {
    await start({ operations: { Greeting: { limit: 1, window: minute, per: 'user' } } });
    expect(await router.client.codes('query Greeting { hello }')).toEqual([]);
    expect(await router.client.codes('query Greeting { hello }')).toEqual(['RATE_LIMITED']);
    expect(await router.client.codes('query Other { hello }')).toEqual([]);
  });

  it('change while the router runs', async () => {
    await start({});
    await router.router.reload({
      cors: { origins: [], maxAge: 0 },
      rateLimit: { ...rules, perIp: { limit: 1, window: minute } },
    });
    expect(await router.client.codes('{ hello }')).toEqual([]);
    expect(await router.client.codes('{ hello }')).toEqual(['RATE_LIMITED']);
  });

  it('are counted by name', async () => {
    await start({ perIp: { limit: 1, window: minute } });
    await router.client.request('{ hello }');
    await router.client.request('{ hello }');
    expect(await router.metrics.registry.metrics()).toContain('router_rate_limit_rejections_total{limit="ip"} 1');
  });

  /** What a client of the protocol is told that may not begin another stream. */
  const refusedBy = async (name: StreamClientName): Promise<string> => {
    const stream = streamClients[name]({ url: router.url, query: 'subscription { open { id } }' });
    await eventually(() => expect(stream.outcome).toBeDefined());
    const failure = stream.outcome?.failure as { reason?: string; response?: { status: number } } | undefined;
    const codes = name.includes('multipart') ? await stream.endCodes() : [];
    stream.stop();
    return [failure?.reason, failure?.response?.status, JSON.stringify(failure), ...codes].join(' ');
  };

  it.each(streamClientNames)('hold for operations over %s, too', async (name) => {
    await start({ fields: { ...none, Subscription: { open: { limit: 1, window: minute, per: 'ip' } } } });
    const first = streamClients[name]({ url: router.url, query: 'subscription { open { id } }' });
    await eventually(() => expect(router.upstreams.size).toBe(1));
    expect(await refusedBy(name)).toMatch(/RATE_LIMITED|429/);
    first.stop();
  });

  it('hold for queries over a WebSocket and for attempts to open one', async () => {
    await start({ perIp: { limit: 2, window: minute } });
    const once = streamClients['graphql-ws']({ url: router.url, query: '{ hello }' });
    expect(await once.result(0)).toMatchObject({ data: { hello: 'Hello, world' } });
    once.stop();
    expect(await refusedBy('graphql-ws')).toContain('RATE_LIMITED');
    expect(await new GraphQLClient(router.url).codes('{ hello }')).toEqual(['RATE_LIMITED']);
  });
});
