import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { loadConfig, processSections } from '@platform/foundation/config';
import { Health } from '@platform/foundation/health';
import { createHttpServer, type HttpServerComponent } from '@platform/foundation/http';
import { createLogger, requestContext } from '@platform/foundation/logging';
import { Metrics } from '@platform/foundation/metrics';

const running: HttpServerComponent[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

interface Setup {
  health?: Health;
  set?: string[];
  onError?: (error: unknown) => void;
  routes?: (server: HttpServerComponent) => void;
}

async function startServer({ health = new Health(), set, onError, routes }: Setup = {}): Promise<HttpServerComponent> {
  const config = loadConfig(processSections, { environment: 'test', env: {}, set });
  const logger = createLogger({ ...config.logging, level: 'silent' });
  const server = createHttpServer({ config: config.server, port: 0, logger, health, metrics: new Metrics(), onError });
  routes?.(server);
  await server.start();
  running.push(server);
  return server;
}

describe('createHttpServer', () => {
  it('says that it is alive, ready and how it is doing', async () => {
    const server = await startServer();
    expect(await (await fetch(`${server.url}/healthz`)).json()).toEqual({ status: 'ok' });
    const ready = await fetch(`${server.url}/ready`);
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready', checks: {} }]);
    expect(await (await fetch(`${server.url}/metrics`)).text()).toContain(
      'http_server_request_duration_seconds_count{http_request_method="GET",http_route="/healthz",http_response_status_code="200"} 1',
    );
  });

  it('is not ready while a hard check fails', async () => {
    const away = { name: 'database', severity: 'hard' as const, check: () => Promise.reject(new Error('away')) };
    const server = await startServer({ health: new Health().add(away) });
    const ready = await fetch(`${server.url}/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ status: 'unavailable', checks: { database: { reason: 'away' } } });
  });

  it('keeps a plausible request id, makes one otherwise, and returns it', async () => {
    const { url } = await startServer();
    const idFor = async (sent: string): Promise<string | null> =>
      (await fetch(`${url}/healthz`, { headers: { 'x-request-id': sent } })).headers.get('x-request-id');
    expect(await idFor('trace:1.2-3_4')).toBe('trace:1.2-3_4');
    expect(await idFor('no spaces allowed')).toMatch(/^[\w-]{36}$/);
    expect(await idFor('x'.repeat(129))).toMatch(/^[\w-]{36}$/);
  });

  it('runs handlers in the context of their request, also after a body was read', async () => {
    const { url } = await startServer({
      routes: ({ app }) => app.post('/context', async () => requestContext.current()),
    });
    const contexts = await Promise.all(
      ['a', 'b', 'c'].map(async (id) => {
        const response = await fetch(`${url}/context`, {
          method: 'POST',
          headers: { 'x-request-id': id, 'user-agent': 'test', 'content-type': 'application/json' },
          body: JSON.stringify({ padding: 'x'.repeat(200_000) }),
        });
        return response.json();
      }),
    );
    expect(contexts).toEqual(
      ['a', 'b', 'c'].map((requestId) => ({
        requestId,
        serverRequestId: expect.any(String),
        clientIp: '127.0.0.1',
        userAgent: 'test',
      })),
    );
  });

  it('answers refusals as GraphQL errors with a code', async () => {
    const { url } = await startServer({
      set: ['server.bodyLimit=1kb'],
      routes: ({ app }) => app.post('/echo', async () => 'ok'),
    });
    const post = async (path: string, type: string, body: string) => {
      const response = await fetch(url + path, { method: 'POST', headers: { 'content-type': type }, body });
      const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] };
      return [response.status, errors[0]?.extensions.code];
    };
    expect(await post('/nowhere', 'application/json', '{}')).toEqual([404, 'NOT_FOUND']);
    expect(await post('/echo', 'application/json', '{')).toEqual([400, 'BAD_REQUEST']);
    expect(await post('/echo', 'application/json', JSON.stringify('x'.repeat(2_000)))).toEqual([
      413,
      'PAYLOAD_TOO_LARGE',
    ]);
    expect(await post('/echo', 'image/png', 'x')).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    expect(await post('/%zz', 'application/json', '{}')).toEqual([400, 'BAD_REQUEST']);
  });

  it('answers 431 to more bytes of headers than it reads', async () => {
    const { url } = await startServer({
      set: ['server.headerLimit=2kb'],
      routes: ({ app }) => app.get('/', async () => 'ok'),
    });
    expect((await fetch(url, { headers: { 'x-long': 'x'.repeat(1_000) } })).status).toBe(200);
    expect((await fetch(url, { headers: { 'x-long': 'x'.repeat(3_000) } })).status).toBe(431);
  });

  it('answers what is no HTTP with 400 and ends the connection', async () => {
    const { address } = await startServer();
    const answer = await new Promise<string>((resolve, reject) => {
      let text = '';
      const socket = connect(address.port, address.address, () => socket.write('nonsense\r\n\r\n'));
      socket
        .on('data', (chunk) => (text += chunk))
        .on('end', () => resolve(text))
        .on('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request/);
    expect(answer).toContain('"code":"BAD_REQUEST"');
  });

  it('masks an unexpected error and reports it once, inside its request', async () => {
    const reported: unknown[] = [];
    const { url } = await startServer({
      onError: (error) => reported.push([(error as Error).message, requestContext.current()?.requestId]),
      routes: ({ app }) =>
        app.get('/broken', async () => {
          throw new Error('secret detail');
        }),
    });
    const response = await fetch(`${url}/broken`, { headers: { 'x-request-id': 'r-1' } });
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({
      errors: [
        {
          message: expect.not.stringContaining('detail'),
          extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'r-1' },
        },
      ],
    });
    expect(reported).toEqual([['secret detail', 'r-1']]);
  });

  it('lets a plugin read JSON bodies its own way', async () => {
    const { url } = await startServer({
      routes: ({ app }) =>
        void app.register(async (plugin) => {
          plugin.removeAllContentTypeParsers();
          plugin.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) =>
            done(null, body),
          );
          plugin.post('/raw', async ({ body }) => ({ received: body }));
        }),
    });
    const response = await fetch(`${url}/raw`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{ not json',
    });
    expect(await response.json()).toEqual({ received: '{ not json' });
  });
});

describe('HttpServerComponent.stop', () => {
  it('finishes the request that is open, closes its kept connection, and accepts no other', async () => {
    const entered = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const server = await startServer({
      routes: ({ app }) =>
        app.get('/slow', async () => {
          entered.resolve();
          await release.promise;
          return 'done';
        }),
    });
    const { url } = server;
    const open = get(`${url}/slow`, new Agent({ keepAlive: true }));
    await entered.promise;

    const stopped = server.stop();
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
    release.resolve();

    expect(await open).toEqual({ body: 'done', connection: 'close' });
    await stopped;
  });

  it('does not wait for idle kept connections', async () => {
    const server = await startServer();
    await get(`${server.url}/healthz`, new Agent({ keepAlive: true }));
    await server.stop();
  });

  it('cuts what is still open before the shutdown timeout is over', async () => {
    const entered = Promise.withResolvers<void>();
    const server = await startServer({
      set: ['server.shutdownTimeout=20ms'],
      routes: ({ app }) =>
        app.get('/endless', () => {
          entered.resolve();
          return new Promise(() => undefined);
        }),
    });
    const open = get(`${server.url}/endless`, new Agent());
    const cut = expect(open).rejects.toThrow('socket hang up');
    await entered.promise;
    await server.stop();
    await cut;
  });

  it.each([
    ['headers', 'GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: '],
    ['a body', 'POST /in HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{'],
  ])('cuts off who sends %s a byte at a time, and answers others meanwhile', async (_, beginning) => {
    const server = await startServer({
      routes: ({ app }) => void app.post('/in', async () => 'never'),
      set: ['server.headersTimeout=200ms', 'server.requestTimeout=300ms'],
    });
    const { hostname, port } = new URL(server.url);
    const slow = connect(Number(port), hostname, () => slow.write(beginning));
    let answer = '';
    slow.on('data', (chunk) => (answer += chunk)).on('error', () => {});
    const drip = setInterval(() => slow.write('x'), 50);
    const closed = new Promise((resolve) => slow.once('close', resolve));
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    await closed;
    clearInterval(drip);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  });
});

function get(url: string, agent: Agent): Promise<{ body: string; connection: string | undefined }> {
  return new Promise((resolve, reject) => {
    request(url, { agent }, (response) => {
      let body = '';
      response
        .on('data', (chunk) => (body += chunk))
        .on('end', () => resolve({ body, connection: response.headers.connection }));
    })
      .on('error', reject)
      .end();
  });
}
