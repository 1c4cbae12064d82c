import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { loadConfig, processSections } from '@platform/foundation/config';
import { Health } from '@platform/foundation/health';
import { createHttpServer, HttpMetrics, type HttpServerComponent } from '@platform/foundation/http';
import { createLogger } from '@platform/foundation/logging';
import { Metrics } from '@platform/foundation/metrics';
import { eventually } from '@platform/testkit';

const MEGABYTE = 1024 * 1024;

describe('a client that does not read', () => {
  let http: HttpServerComponent;
  let metrics: Metrics;
  const clients: Socket[] = [];
  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    await http.stop();
  });

  const prepare = async (...set: string[]) => {
    const { server, logging } = loadConfig(
      { server: processSections.server, logging: processSections.logging },
      { environment: 'test', set: ['logging.level=silent', ...set.map((each) => `server.${each}`)] },
    );
    metrics = new Metrics();
    http = createHttpServer({ config: server, port: 0, logger: createLogger(logging), health: new Health(), metrics });
    http.app.get('/large', async () => 'x'.repeat(40 * MEGABYTE));
    http.app.get('/small', async () => 'x');
  };
  const start = async (...set: string[]) => {
    await prepare(...set);
    await http.start();
  };
  /** Asks and stops reading at once. */
  const ask = async () => {
    const client = connect(http.address.port, '127.0.0.1');
    clients.push(client);
    client.on('error', () => undefined).pause();
    await once(client, 'connect');
    client.write('GET /large HTTP/1.1\r\nhost: x\r\n\r\n');
    return client;
  };
  const open = () => new Promise<number>((resolve) => http.app.server.getConnections((_, count) => resolve(count)));
  const cuts = async () =>
    (await metrics.of(HttpMetrics).slowReaders.get()).values.map(({ labels, value }) => `${labels.reason} ${value}`);

  it('is cut off when it has taken nothing for the time', async () => {
    await start('writeTimeout=400ms');
    await ask();
    await eventually(async () => expect(await cuts()).toEqual(['idle 1']));
    await eventually(async () => expect(await open()).toBe(0));
  });

  it('keeps its connection for as long as it reads on, however slowly', async () => {
    await start('writeTimeout=400ms');
    const client = await ask();
    let received = 0;
    client.on('data', (chunk) => {
      received += chunk.length;
      client.pause();
    });
    const reading = setInterval(() => {
      for (let turn = 0; turn < 40; turn += 1) client.resume();
    }, 5);
    await eventually(() => expect(received).toBeGreaterThan(40 * MEGABYTE), { timeout: 60_000 });
    clearInterval(reading);
    expect(await cuts()).toEqual([]);
  });

  it('is cut off at once when it is owed more than a connection may be', async () => {
    await start('writeTimeout=10m', 'pendingWrites.perConnection=1mb');
    await ask();
    await eventually(async () => expect(await cuts()).toEqual(['connection 1']));
  });

  it('makes room when all together are owed too much', async () => {
    await start('writeTimeout=10m', 'pendingWrites.total=100mb');
    for (let count = 0; count < 4; count += 1) await ask();
    await eventually(async () => expect(await cuts()).toEqual(['all 2']));
    expect(await open()).toBe(2);
  });

  describe('and asks for more behind a stream', () => {
    /** Reads on, but its first answer never ends. */
    const askBehindStream = async (requests: number) => {
      http.app.get('/stream', (_request, reply) => {
        reply.hijack();
        reply.raw.writeHead(200).write('on and on');
      });
      await http.start();
      const client = connect(http.address.port, '127.0.0.1');
      clients.push(client);
      client.on('error', () => undefined).resume();
      await once(client, 'connect');
      const ask = (path: string) => client.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);
      ask('/stream');
      await once(client, 'data');
      for (let count = 0; count < requests; count += 1) ask('/small');
      return ask;
    };

    it('is cut off when the answers that wait are more than a connection may be owed', async () => {
      await prepare('writeTimeout=10m', 'pendingWrites.perConnection=1mb');
      const ask = await askBehindStream(1);
      ask('/large');
      await eventually(async () => expect(await cuts()).toEqual(['connection 1']));
      await eventually(async () => expect(await open()).toBe(0));
    });

    it('is cut off when more than a few requests wait', async () => {
      await prepare('writeTimeout=10m');
      const ask = await askBehindStream(19);
      expect(await cuts()).toEqual([]);
      expect(await open()).toBe(1);
      ask('/small');
      await eventually(async () => expect(await cuts()).toEqual(['many 1']));
      await eventually(async () => expect(await open()).toBe(0));
    });
  });
});
