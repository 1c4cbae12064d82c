import { once } from 'node:events';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { RouterHarness } from '../http/router-harness.js';

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
