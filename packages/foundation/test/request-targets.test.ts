import { loadConfig, processSections } from '@platform/foundation/config';
import { Health } from '@platform/foundation/health';
import {
  acceptWebSockets,
  createHttpServer,
  type HttpServerComponent,
  readRequestTarget,
} from '@platform/foundation/http';
import { createLogger } from '@platform/foundation/logging';
import { Metrics } from '@platform/foundation/metrics';
import { sendTarget, targetsThatAreNone } from '@platform/testkit';

const ELSEWHERE = 'internal-host:8080';

describe('the target of a request', () => {
  let server: HttpServerComponent;

  beforeAll(async () => {
    const config = loadConfig(processSections, { environment: 'test', env: {} });
    const logger = createLogger({ ...config.logging, level: 'silent' });
    server = createHttpServer({ config: config.server, port: 0, logger, health: new Health(), metrics: new Metrics() });
    server.app.all('/served/*', async ({ url, params, headers }) => ({ url, params, host: headers.host }));
    acceptWebSockets(server.app, { path: '/socket', maxMessageBytes: 1_000 });
    await server.start();
  });
  afterAll(() => server.stop());

  it.each(targetsThatAreNone(ELSEWHERE, '/served/a'))('is refused with 400 as %s', async (target) => {
    for (const method of ['GET', 'PUT', 'OPTIONS']) {
      const { status, text } = await sendTarget(server.url, target, { method });
      expect([method, status]).toEqual([method, 400]);
      expect(text).not.toContain('params');
    }
  });

  it.each([`http://${ELSEWHERE}/served/a?b=c`, `HTTPS://user@${ELSEWHERE}/served/a?b=c`])(
    'is a path where it is absolute, whatever place it names: %s',
    async (target) => {
      const { status, text } = await sendTarget(server.url, target);
      expect(status).toBe(200);
      expect(JSON.parse(text.slice(text.indexOf('\r\n\r\n')))).toEqual({
        url: '/served/a?b=c',
        params: { '*': 'a' },
        host: ELSEWHERE,
      });
    },
  );

  it('may hold dots and encoded signs that lead nowhere, and anything in its query', () => {
    for (const target of ['/a..b/...x/.well-known', '/a%20b', '/x?to=../..&url=http://elsewhere/%2e%2e', '/']) {
      expect(readRequestTarget(target)).toEqual({ path: target });
    }
    expect(readRequestTarget('http://elsewhere?x=1')).toEqual({ path: '/?x=1', host: 'elsewhere' });
  });

  it('is refused with 400 for CONNECT, and for an upgrade to WebSocket', async () => {
    expect((await sendTarget(server.url, ELSEWHERE, { method: 'CONNECT' })).status).toBe(400);
    const headers = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' };
    for (const target of targetsThatAreNone(ELSEWHERE, '/socket')) {
      expect([target, (await sendTarget(server.url, target, { headers })).status]).toEqual([target, 400]);
    }
  });
});
