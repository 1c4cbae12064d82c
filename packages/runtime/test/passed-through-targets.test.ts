import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadConfig, processSections } from '@platform/foundation/config';
import { Health } from '@platform/foundation/health';
import { createHttpServer, type HttpServerComponent } from '@platform/foundation/http';
import { createLogger } from '@platform/foundation/logging';
import { Metrics } from '@platform/foundation/metrics';
import { HttpEndpoint } from '@platform/subgraph-client/endpoints';
import { Canary, sendTarget, targetsThatAreNone } from '@platform/testkit';
import { reverseProxy } from '../src/reverse-proxy.js';

const BLOB = '/blobs/blog/cover-image/1/2.png';
const EXPORT = '/audit/exports/0191';

describe('where the router passes requests on to', () => {
  let canary: Canary;
  let subgraph: Server;
  let router: HttpServerComponent;
  let endpoint: HttpEndpoint;
  let asked: string[];

  beforeAll(async () => {
    canary = await Canary.start();
    subgraph = createServer((request, response) => {
      asked.push(`${request.method} ${request.headers.host} ${request.url}`);
      if (request.url?.includes('moved')) response.writeHead(307, { location: `${canary.url}/secret` }).end();
      else request.resume().on('end', () => response.end('here'));
    }).listen(0, '127.0.0.1');
    await once(subgraph, 'listening');
    const config = loadConfig(processSections, { environment: 'test', set: ['server.port=0'] });
    const logger = createLogger({ level: 'silent', format: 'json' });
    router = createHttpServer({ config: config.server, port: 0, logger, health: new Health(), metrics: new Metrics() });
    const url = `http://127.0.0.1:${(subgraph.address() as AddressInfo).port}/graphql`;
    endpoint = new HttpEndpoint(url);
    reverseProxy(
      new Map([
        ['blog', endpoint],
        ['audit', endpoint],
      ]),
      createLogger({ level: 'silent', format: 'json' }),
    )(router.app);
    await router.start();
  });
  beforeEach(() => {
    asked = [];
  });
  afterAll(async () => {
    await router.stop();
    await endpoint.stop();
    canary.stop();
    subgraph.closeAllConnections();
    subgraph.close();
  });
  afterEach(() => expect(canary.asked).toEqual([]));

  it.each([BLOB, EXPORT])('is the subgraph, also when %s names another place', async (path) => {
    const target = `http://${canary.host}${path}?expires=1&signature=a`;
    for (const method of path === BLOB ? ['GET', 'PUT', 'OPTIONS'] : ['GET']) {
      const body = method === 'PUT' ? 'bytes of the client' : '';
      const { status, text } = await sendTarget(router.url, target, { method, body, host: canary.host });
      expect([status, text]).toEqual([200, expect.stringMatching(/here/)]);
    }
    const own = `127.0.0.1:${(subgraph.address() as AddressInfo).port} ${path}?expires=1&signature=a`;
    expect(new Set(asked.map((line) => line.replace(/^\w+ /, '')))).toEqual(new Set([own]));
  });

  it('is nowhere for targets that are no path', async () => {
    for (const path of [BLOB, EXPORT]) {
      for (const target of targetsThatAreNone(canary.host, path)) {
        expect([target, (await sendTarget(router.url, target)).status]).toEqual([target, 400]);
      }
    }
    expect(asked).toEqual([]);
  });

  it.each([
    '/blobs/blog/@canary/1/2',
    '/blobs/blog/a/b',
    '/blobs/blog/a/b/c/d/e',
    '/blobs/blog/a/%3Fb/c',
    '/audit/exports/a%3Fb',
  ])('is nowhere for what is no key: %s', async (path) => {
    expect((await sendTarget(router.url, path)).status).toBe(404);
    expect(asked).toEqual([]);
  });

  it('gets the parameters of a link alone, each of them once', async () => {
    await sendTarget(
      router.url,
      `${BLOB}?signature=a%26b&signature=c&expires=2&to=http://${canary.host}&type=image%2Fpng`,
    );
    expect(asked.map((line) => line.replace(/^.*\?/, ''))).toEqual(['type=image%2Fpng&expires=2']);
  });

  it('is not where the subgraph redirects to', async () => {
    const { status, text } = await sendTarget(router.url, '/blobs/blog/cover-image/1/moved.png');
    expect([status, text]).toEqual([503, expect.not.stringMatching(/secret|location/i)]);
    expect(asked).toHaveLength(1);
  });
});
