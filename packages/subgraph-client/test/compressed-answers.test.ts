import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync as brSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { loadConfig, processSections } from '@platform/foundation/config';
import { createLogger } from '@platform/foundation/logging';
import { connectSubgraph } from '@platform/subgraph-client/balancing';
import { HttpEndpoint } from '@platform/subgraph-client/endpoints';

const { discovery } = loadConfig(processSections, { environment: 'test', env: {} });
const logger = createLogger({ level: 'silent', format: 'json' });
const answer = Buffer.from(JSON.stringify({ data: { hello: 'wörld '.repeat(2_000) } }));
const limit = 64 * 1024;

describe('a compressed answer of a subgraph', () => {
  let server: Server;
  let url: string;
  let coding: string | string[] | undefined;
  let body: Buffer;
  let inPieces: boolean;
  let asked: string | undefined;

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked = request.headers['accept-encoding'];
      request.resume().on('end', () => {
        response.setHeader('content-type', 'application/json');
        if (coding !== undefined) response.setHeader('content-encoding', coding);
        if (inPieces) for (let at = 0; at < body.length; at += 7) response.write(body.subarray(at, at + 7));
        response.end(inPieces ? undefined : body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  async function ask(
    given: string | string[] | undefined,
    bytes: Buffer,
    { pieces = false, endpoint = new HttpEndpoint(url, { maxResponseBytes: limit }) } = {},
  ) {
    [coding, body, inPieces] = [given, bytes, pieces];
    try {
      return await endpoint.execute({ query: '{ hello }' }, {});
    } finally {
      await endpoint.stop();
    }
  }

  const compressed: [string, string | string[], Buffer][] = [
    ['gzip', 'gzip', gzipSync(answer)],
    ['gzip by its old name', 'X-GZip', gzipSync(answer)],
    ['br', 'br', brSync(answer)],
    ['deflate', 'deflate', deflateSync(answer)],
    ['deflate without the zlib header', 'deflate', deflateRawSync(answer)],
    ['zstd', 'zstd', zstdCompressSync(answer)],
    ['identity', 'identity', answer],
    ['two codings in one header field', 'gzip, br', brSync(gzipSync(answer))],
    ['two codings in two header fields', ['zstd', 'gzip'], gzipSync(zstdCompressSync(answer))],
  ];

  it.each(compressed)('is read: %s', async (_name, given, bytes) => {
    for (const pieces of [false, true]) {
      const response = await ask(given, bytes, { pieces });
      expect(response.data).toEqual(JSON.parse(answer.toString()).data);
      expect(response.bytes).toBe(answer.length);
    }
  });

  const bomb = Buffer.from(`{"data":{"hello":"${'x'.repeat(limit * 100)}"}}`);
  const bad: [string, string, Buffer][] = [
    ...(
      [
        ['gzip', gzipSync],
        ['br', brSync],
        ['deflate', deflateSync],
        ['zstd', zstdCompressSync],
      ] as const
    ).flatMap(([name, compress]): [string, string, Buffer][] => [
      [`${name} that grows beyond the limit`, name, compress(bomb)],
      [`${name} that breaks off`, name, compress(answer).subarray(0, -9)],
      [`${name} that is none`, name, answer],
      [`${name} without a body`, name, Buffer.alloc(0)],
    ]),
    ['a bomb in a bomb', 'gzip, gzip', gzipSync(gzipSync(bomb))],
    ['an unknown coding', 'compress', answer],
    ['a name that objects have', 'constructor', answer],
    ['more codings than anyone has a use for', 'gzip,gzip,gzip,gzip,gzip', answer],
  ];

  it.each(bad)('is no answer: %s', async (_name, given, bytes) => {
    await expect(ask(given, bytes)).rejects.toMatchObject({ name: 'InvalidSubgraphResponse', status: 200 });
  });

  it('is asked for as the configuration says, for all or by subgraph, and not by itself', async () => {
    const wish = async (acceptEncoding: typeof discovery.acceptEncoding, instances = {}) => {
      const config = { ...discovery, acceptEncoding, instances };
      await ask('gzip', gzipSync(answer), {
        endpoint: connectSubgraph('blog', url, { config, logger }) as HttpEndpoint,
      });
      return asked;
    };
    expect(await wish(discovery.acceptEncoding)).toBeUndefined();
    expect(await wish({ all: ['zstd', 'gzip'], subgraphs: {} })).toBe('zstd, gzip');
    expect(await wish({ all: ['zstd'], subgraphs: { blog: ['br'], audit: [] } })).toBe('br');
    expect(await wish({ all: ['zstd'], subgraphs: { blog: [] } })).toBeUndefined();
    expect(await wish({ all: ['br'], subgraphs: {} }, { blog: { urls: [new URL(url).origin] } })).toBe('br');
  });
});
