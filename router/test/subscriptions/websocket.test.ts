import { once } from 'node:events';
import { eventually } from '@platform/testkit';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { RouterHarness } from '../http/router-harness.js';

describe('WebSocket messages that ask for nothing', () => {
  let router: RouterHarness;
  let socket: WebSocket;
  beforeEach(async () => {
    router = new RouterHarness();
    await router.start();
    socket = new WebSocket(router.url.replace('http', 'ws'), 'graphql-transport-ws');
    await once(socket, 'open');
  });
  afterEach(async () => {
    socket.terminate();
    await router.stop();
  });
  const send = (message: object) => socket.send(JSON.stringify(message));
  const padding = 'x'.repeat(2_000);

  it.each(['connection_init', 'ping', 'subscribe'])('are refused when long before the greeting: %s', async (type) => {
    send({ type, payload: { padding: padding.repeat(3) } });
    expect((await once(socket, 'close'))[0]).toBe(4400);
  });

  it.each(['ping', 'pong', 'complete'])('are refused when long after it: %s', async (type) => {
    send({ type: 'connection_init', payload: { padding } });
    await once(socket, 'message');
    send({ payload: { padding }, id: '1', type });
    expect((await once(socket, 'close'))[0]).toBe(4400);
  });

  it('are answered when short; operations may be long', async () => {
    send({ type: 'connection_init' });
    await once(socket, 'message');
    send({ type: 'ping', payload: { n: 1 } });
    expect(JSON.parse(String((await once(socket, 'message'))[0]))).toEqual({ type: 'pong', payload: { n: 1 } });
    send({ type: 'subscribe', id: '1', payload: { query: `#${padding.repeat(3)}\n{ hello }` } });
    expect(JSON.parse(String((await once(socket, 'message'))[0]))).toMatchObject({
      payload: { data: { hello: 'Hello, world' } },
    });
  });
});

describe('idle WebSockets', () => {
  let router: RouterHarness;
  const open: WebSocket[] = [];
  afterEach(async () => {
    for (const socket of open.splice(0)) socket.terminate();
    await router.stop();
  });
  const start = async (connections: { perNetwork: number; total: number; idle: number }) => {
    router = new RouterHarness();
    await router.start({ subscriptions: { connections } });
  };
  /** The first message of the socket, the code that it is closed with, or the status that the upgrade is refused with. */
  const greeted = async (authorization?: string): Promise<unknown> => {
    const socket = new WebSocket(router.url.replace('http', 'ws'), 'graphql-transport-ws');
    open.push(socket);
    const refused = once(socket, 'unexpected-response').then(([, { statusCode }]) => statusCode);
    socket.on('error', () => undefined);
    const answered = once(socket, 'open').then(async () => {
      socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } }));
      const closed = once(socket, 'close').then(([code]) => code);
      const answer = once(socket, 'message').then(([message]) => JSON.parse(String(message)).type);
      return Promise.race([closed, answer]);
    });
    answered.catch(() => undefined);
    refused.catch(() => undefined);
    return Promise.race([refused, answered]);
  };

  it('are bounded per network, apart from those of callers who signed in', async () => {
    await start({ perNetwork: 3, total: 100, idle: 600_000 });
    const token = `Bearer ${await router.issuer.token()}`;
    for (let count = 0; count < 3; count += 1) expect(await greeted(token)).toBe('connection_ack');
    for (let count = 0; count < 3; count += 1) expect(await greeted()).toBe('connection_ack');
    expect(await greeted()).toBe(1013);
    open[3]?.close();
    await eventually(async () => expect(await greeted()).toBe('connection_ack'));
  });

  it('are bounded in all', async () => {
    await start({ perNetwork: 100, total: 2, idle: 600_000 });
    expect([await greeted(), await greeted(), await greeted()]).toEqual(['connection_ack', 'connection_ack', 1013]);
  });

  it('keep nobody out who signs in, however many are anonymous', async () => {
    await start({ perNetwork: 2, total: 2, idle: 600_000 });
    expect([await greeted(), await greeted(), await greeted()]).toEqual(['connection_ack', 'connection_ack', 1013]);
    const token = `Bearer ${await router.issuer.token()}`;
    expect([await greeted(token), await greeted(token)]).toEqual(['connection_ack', 'connection_ack']);
  });

  it.each([
    [429, { perNetwork: 2, total: 100 }],
    [503, { perNetwork: 100, total: 2 }],
  ])('are refused with %s while as many have yet to say who they are', async (status, bounds) => {
    await start({ ...bounds, idle: 600_000 });
    for (let count = 0; count < 2; count += 1) {
      const socket = new WebSocket(router.url.replace('http', 'ws'), 'graphql-transport-ws');
      open.push(socket);
      await once(socket, 'open');
    }
    expect(await greeted()).toBe(status);
    open[0]?.close();
    await eventually(async () => expect(await greeted()).toBe('connection_ack'));
  });

  it('are closed without an operation, and stay open with one', async () => {
    await start({ perNetwork: 100, total: 100, idle: 300 });
    expect([await greeted(), await greeted()]).toEqual(['connection_ack', 'connection_ack']);
    const [idle, busy] = open as [WebSocket, WebSocket];
    const query = 'subscription { open { id } }';
    busy.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query } }));
    const [code] = await once(idle, 'close');
    expect(code).toBe(1000);
    await eventually(() => expect(router.upstreams.size).toBe(1));
    expect(busy.readyState).toBe(WebSocket.OPEN);
    busy.send(JSON.stringify({ type: 'complete', id: '1' }));
    expect((await once(busy, 'close'))[0]).toBe(1000);
  });
});

describe('GraphQL over WebSocket', () => {
  let router: RouterHarness;

  beforeAll(async () => {
    router = new RouterHarness();
    await router.start();
  });
  afterAll(() => router.stop());

  const url = () => router.url.replace('http', 'ws');
  const client = (authorization?: unknown) =>
    createClient({ url: url(), webSocketImpl: WebSocket, retryAttempts: 0, connectionParams: { authorization } });
  const run = async (query: string, authorization?: unknown) => {
    const using = client(authorization);
    try {
      return await new Promise((resolve, reject) =>
        using.subscribe({ query }, { next: resolve, error: reject, complete: () => {} }),
      );
    } finally {
      await using.dispose();
    }
  };

  it('answers queries and mutations by the same rules', async () => {
    expect(await run('{ hello }')).toEqual({ data: { hello: 'Hello, world' } });
    expect(await run('mutation { write(text: "kept") }')).toEqual({ data: { write: 'kept' } });
    expect(await run('{ me }')).toMatchObject({
      data: { me: null },
      errors: [{ path: ['me'], extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }],
    });
    expect(await run('{ me }', `Bearer ${await router.issuer.token()}`)).toEqual({
      data: { me: '018f0000-0000-7000-8000-00000000000a' },
    });
  });

  it.each([
    ['a syntax error', '{ hello', 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', '{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
  ])('refuses %s with an error message', async (_, query, code) => {
    await expect(run(query)).rejects.toMatchObject([{ extensions: { code } }]);
  });

  it.each(['Bearer nonsense', 'Basic abc', 7])('closes with 4403 for the authorization %s', async (authorization) => {
    await expect(run('{ hello }', authorization)).rejects.toMatchObject({ code: 4403 });
  });

  it('closes with 4403 when the session has ended', async () => {
    router.endedSessions.add('session-gone');
    const token = await router.issuer.token({ claims: { sid: 'session-gone' } });
    await expect(run('{ hello }', `Bearer ${token}`)).rejects.toMatchObject({ code: 4403 });
  });

  it('lets pages of its own and of no foreign origin connect', async () => {
    const connected = async (origin: string) => {
      const socket = new WebSocket(url(), 'graphql-transport-ws', { origin });
      const outcome = await once(socket, 'open').then(() => 'open', String);
      socket.terminate();
      return outcome;
    };
    expect(await connected(new URL(router.url).origin)).toBe('open');
    expect(await connected('https://evil.example')).toContain('403');
  });

  it('refuses other paths, other protocols and messages that are too large', async () => {
    const elsewhere = new WebSocket(url().replace('/graphql', '/elsewhere'), 'graphql-transport-ws');
    expect(String((await once(elsewhere, 'error'))[0])).toContain('404');

    const large = new WebSocket(url(), 'graphql-transport-ws');
    await once(large, 'open');
    large.send('x'.repeat(2_000_000));
    expect((await once(large, 'close'))[0]).toBe(1009);
  });
});
