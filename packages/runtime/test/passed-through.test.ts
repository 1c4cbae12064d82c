import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { loadConfig, processSections } from '@platform/foundation/config';
import { Health } from '@platform/foundation/health';
import { createHttpServer, type HttpServerComponent } from '@platform/foundation/http';
import { createLogger } from '@platform/foundation/logging';
import { Metrics } from '@platform/foundation/metrics';
import { HttpEndpoint } from '@platform/subgraph-client/endpoints';
import { reverseProxy } from '../src/reverse-proxy.js';

const PATH = '/audit/exports/0191?expires=1&signature=abc';
const CHUNK = 'x'.repeat(64 * 1024);
const CHUNKS = 800;

describe('what processes of subgraphs serve beside GraphQL, at the router', () => {
  let audit: Server;
  let blog: Server;
  let router: HttpServerComponent;
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
    blog = createServer(async (request, response) => {
      const body = createHash('sha256');
      for await (const chunk of request) body.update(chunk);
      response.writeHead(201, { 'access-control-allow-origin': '*' });
      response.end(JSON.stringify([request.method, request.url, request.headers['content-type'], body.digest('hex')]));
    }).listen(0, '127.0.0.1');
    await once(blog, 'listening');
    const config = loadConfig(processSections, { environment: 'test', set: ['server.port=0'] });
    router = createHttpServer({
      config: config.server,
      port: 0,
      logger: createLogger({ level: 'silent', format: 'json' }),
      health: new Health(),
      metrics: new Metrics(),
    });
    const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
    reverseProxy(
      new Map([
        ['audit', new HttpEndpoint(urlOf(audit))],
        ['blog', new HttpEndpoint(urlOf(blog))],
      ]),
      createLogger({ level: 'silent', format: 'json' }),
    )(router.app);
    await router.start();
  });
  afterAll(async () => {
    await router.stop();
    audit.closeAllConnections();
    audit.close();
    blog.close();
  });

  it('streams through at the pace of the client, with the headers that say what they are', async () => {
    const response = await fetch(`${router.url}${PATH}`);
    expect(response.headers.get('content-type')).toBe('text/csv');
    expect(response.headers.get('x-internal')).toBeNull();
    expect(sent).toBeLessThan(CHUNK.length * CHUNKS);
    expect((await response.arrayBuffer()).byteLength).toBe(CHUNK.length * CHUNKS);
  });

  it.each(['PUT', 'OPTIONS'])(
    'reaches the process by %s as well, byte by byte, larger than a request to GraphQL may be',
    async (method) => {
      const bytes = method === 'PUT' ? Buffer.alloc(3_000_000, 'image') : Buffer.alloc(0);
      const path = '/blobs/blog/cover-image/1/2.png?type=image%2Fpng&signature=x';
      const response = await fetch(`${router.url}${path}`, {
        method,
        headers: { 'content-type': 'image/png', cookie: 'not=passed' },
        ...(bytes.length > 0 && { body: bytes }),
      });
      expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([201, '*']);
      expect(await response.json()).toEqual([
        method,
        path,
        'image/png',
        createHash('sha256').update(bytes).digest('hex'),
      ]);
    },
  );

  it('is refused where the process refuses it, and told when that is away', async () => {
    expect((await fetch(`${router.url}/audit/exports/0191`)).status).toBe(404);
    audit.closeAllConnections();
    audit.close();
    const away = await fetch(`${router.url}${PATH}`);
    const { errors } = (await away.json()) as { errors: { extensions: { code: string } }[] };
    expect([away.status, errors[0]?.extensions.code]).toEqual([503, 'SUBGRAPH_UNAVAILABLE']);
  });
});
