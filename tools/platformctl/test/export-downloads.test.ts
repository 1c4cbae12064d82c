import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { kernelSections, loadConfig } from '@platform/kernel/config';
import { Health } from '@platform/kernel/health';
import { createHttpServer, type HttpServerPart } from '@platform/kernel/http';
import { createLogger } from '@platform/kernel/logging';
import { Metrics } from '@platform/kernel/metrics';
import { exportDownloads } from '../src/platform/export-downloads.js';

const PATH = '/audit/exports/0191?expires=1&signature=abc';
const CHUNK = 'x'.repeat(64 * 1024);
const CHUNKS = 800;

describe('downloads of exports at the router', () => {
  let audit: Server;
  let router: HttpServerPart;
  /** Bytes that the audit process could hand on so far. */
  let sent = 0;

  function* chunks() {
    for (let chunk = 0; chunk < CHUNKS; chunk += 1) {
      yield CHUNK;
      sent += CHUNK.length;
    }
  }

  beforeAll(async () => {
    audit = createServer(async ({ url, headers }, response) => {
      if (url !== PATH) {
        response.writeHead(404, { 'content-type': 'application/json' }).end('{"errors":[]}');
        return;
      }
      const length = CHUNK.length * CHUNKS;
      response.writeHead(200, { 'content-type': 'text/csv', 'content-length': length, 'x-internal': 'secret' });
      expect(headers['x-request-id']).toBeDefined();
      await pipeline(Readable.from(chunks()), response).catch(() => {});
    }).listen(0, '127.0.0.1');
    await once(audit, 'listening');
    const config = loadConfig(kernelSections, { environment: 'test', set: ['server.port=0'] });
    router = createHttpServer({
      config: config.server,
      port: 0,
      logger: createLogger({ level: 'silent', format: 'json' }),
      health: new Health(),
      metrics: new Metrics(),
    });
    exportDownloads(`http://127.0.0.1:${(audit.address() as AddressInfo).port}/graphql`)(router.app);
    await router.start();
  });
  afterAll(async () => {
    await router.stop();
    audit.closeAllConnections();
    audit.close();
  });

  it('stream through at the pace of the client, with the headers that say what they are', async () => {
    const response = await fetch(`${router.url}${PATH}`);
    expect(response.headers.get('content-type')).toBe('text/csv');
    expect(response.headers.get('x-internal')).toBeNull();
    expect(sent).toBeLessThan(CHUNK.length * CHUNKS);
    expect((await response.arrayBuffer()).byteLength).toBe(CHUNK.length * CHUNKS);
  });

  it('are refused where the audit process refuses them, and told when it is away', async () => {
    expect((await fetch(`${router.url}/audit/exports/0191`)).status).toBe(404);
    audit.closeAllConnections();
    audit.close();
    const away = await fetch(`${router.url}${PATH}`);
    const { errors } = (await away.json()) as { errors: { extensions: { code: string } }[] };
    expect([away.status, errors[0]?.extensions.code]).toEqual([503, 'SUBGRAPH_UNAVAILABLE']);
  });
});
