import { eventually, type SentRequest, streamClients, type TransportName, transports } from '@platform/testkit';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { RouterHarness } from './router-harness.js';

const USER = '018f0000-0000-7000-8000-00000000000a';
const CLIENT = { 'x-tenant': 'acme', 'apollographql-client-name': 'web' };

type Sent = Readonly<Record<string, string>>;

/** One result over a WebSocket with these headers of its upgrade, and these parameters of its connection. */
async function overSocket(
  url: string,
  request: SentRequest,
  headers: Sent,
  connectionParams?: Record<string, unknown>,
) {
  const client = createClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: class extends WebSocket {
      constructor(address: string, protocols: string) {
        super(address, protocols, { headers: { ...headers } });
      }
    },
    retryAttempts: 0,
    connectionParams,
  });
  try {
    return await new Promise<unknown>((resolve, reject) =>
      client.subscribe({ query: '', ...request }, { next: resolve, error: reject, complete: () => {} }),
    );
  } finally {
    await client.dispose();
  }
}

describe('who calls', () => {
  let router: RouterHarness;
  let authorization: string;

  beforeAll(async () => {
    router = new RouterHarness();
    const forward = { forward: Object.keys(CLIENT), set: {}, remove: [] };
    await router.start({
      router: {
        subgraphTimeout: 30_000,
        batching: { enabled: true, maxOperations: 5 },
        headers: { ...router.defaults.headers, all: forward },
      },
    });
    authorization = `Bearer ${await router.issuer.token()}`;
  });
  afterAll(() => router.stop());
  beforeEach(() => {
    router.callers.length = 0;
    router.headers.length = 0;
  });

  const names = Object.keys(transports) as TransportName[];

  it.each(names)('is the same over %s: caller, headers that pass, and where the request comes from', async (name) => {
    const { result } = await transports[name](router.url, { query: '{ hello }' }, { authorization, ...CLIENT });
    expect(result).toEqual({ data: { hello: 'Hello, world' } });
    expect(router.callers.at(-1)).toMatchObject({ kind: 'user', userId: USER, sessionId: 'session-1' });
    expect(router.headers.at(-1)).toMatchObject({ ...CLIENT, 'x-client-ip': '127.0.0.1' });
    expect(router.headers.at(-1)?.['x-request-id']).toMatch(/^[\w-]{36}$/);
  });

  it.each(names)('is nobody over %s without a token', async (name) => {
    await transports[name](router.url, { query: '{ hello }' }, CLIENT);
    expect(router.callers.at(-1)).toMatchObject({ kind: 'anonymous', userId: null });
  });

  it('is, on a single event stream, who began the operation', async () => {
    const stream = streamClients['graphql-sse on a single connection']({
      url: router.url,
      query: '{ hello }',
      token: authorization.slice('Bearer '.length),
    });
    await eventually(() => expect(router.callers.at(-1)).toMatchObject({ kind: 'user', userId: USER }));
    stream.stop();
  });

  describe('over a WebSocket', () => {
    const ask = (headers: Sent, parameters?: Record<string, unknown>) =>
      overSocket(router.url, { query: '{ hello }' }, headers, parameters);

    it.each([undefined, {}, { authorization: null }, { 'x-other': 1 }])(
      'is whom the Authorization header of the upgrade names, where the parameters are %j',
      async (parameters) => {
        await ask({ authorization, ...CLIENT }, parameters);
        expect(router.callers.at(-1)).toMatchObject({ kind: 'user', userId: USER });
        expect(router.headers.at(-1)).toMatchObject(CLIENT);
      },
    );

    it.each(['authorization', 'Authorization', 'AUTHORIZATION'])(
      'is whom the parameter %s names, before the header',
      async (name) => {
        await ask({ authorization: 'Bearer nonsense' }, { [name]: authorization });
        expect(router.callers.at(-1)).toMatchObject({ kind: 'user', userId: USER });
        await expect(ask({ authorization }, { [name]: 'Bearer nonsense' })).rejects.toMatchObject({ code: 4403 });
      },
    );

    it.each(['Bearer nonsense', 'Basic dXNlcjpwYXNz', 'Bearer'])(
      'is nobody who may stay with the header "%s": the socket closes with 4403',
      async (bad) => {
        await expect(ask({ authorization: bad })).rejects.toMatchObject({ code: 4403 });
        await expect(ask({ authorization: bad }, {})).rejects.toMatchObject({ code: 4403 });
        expect(router.callers).toEqual([]);
      },
    );

    it('is told more of by parameters that stand for forwarded headers, which the upgrade has not', async () => {
      const { 'x-tenant': tenant, ...client } = CLIENT;
      await ask({ 'x-tenant': tenant }, { 'X-Tenant': 'another', ...client, authorization });
      expect(router.headers.at(-1)).toMatchObject(CLIENT);
      const made = {
        'x-caller-token': 'forged',
        'x-client-ip': '6.6.6.6',
        host: 'elsewhere',
        cookie: 'a=b',
        'x-trace': '1',
      };
      await ask({}, { ...made, 'x-tenant': 'a\r\nx-internal: 1' });
      const { 'x-caller-token': token, ...got } = router.headers.at(-1) ?? {};
      expect(token).not.toBe('forged');
      expect(Object.keys(got).sort()).toEqual(['x-client-ip', 'x-request-id', 'x-timeout-ms']);
      expect(got['x-client-ip']).toBe('127.0.0.1');
    });

    it.each([7, 'Bearer a\r\nb', ['Bearer a'], { Bearer: 'a' }])(
      'is nobody who may stay with the parameter %j',
      async (bad) => {
        await expect(ask({ authorization }, { authorization: bad })).rejects.toMatchObject({ code: 4403 });
      },
    );

    it('is held against the session for each operation, also where the header of the upgrade names it', async () => {
      router.endedSessions.add('session-1');
      await router.revocations.bump([`user:${USER}`]);
      await expect(ask({ authorization })).rejects.toMatchObject({ code: 4403 });
    });
  });
});
