import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { DOWNLOAD_PATH } from '@platform/audit/export';
import { blobPath } from '@platform/kernel/blobs';
import type { ListedSubgraph } from '@platform/kernel/discovery';
import { errorBody, type HttpRoutes } from '@platform/kernel/http';

const PASSED = [
  'access-control-allow-headers',
  'access-control-allow-methods',
  'access-control-allow-origin',
  'cache-control',
  'content-disposition',
  'content-length',
  'content-security-policy',
  'content-type',
  'cross-origin-resource-policy',
  'referrer-policy',
  'x-content-type-options',
];

/**
 * Lets people reach at the router, the one public entry, what the processes of subgraphs serve beside GraphQL: blobs by signed links, and
 * exports of the audit log. Both ways bytes stream through at the pace of who takes them. Links are checked where they lead.
 */
export const passedThrough =
  (subgraphs: readonly Pick<ListedSubgraph, 'name' | 'url'>[]): HttpRoutes =>
  (app) => {
    void app.register(async (scope) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', (_request, body, done) => done(null, body));
      for (const { name, url } of subgraphs) {
        pass(scope, ['GET', 'PUT', 'OPTIONS'], blobPath(name), url);
        if (name === 'audit') pass(scope, ['GET'], DOWNLOAD_PATH, url);
      }
    });
  };

function pass(app: Parameters<HttpRoutes>[0], method: readonly string[], path: string, to: string): void {
  app.route<{ Body: Readable | undefined }>({
    method: [...method],
    url: path,
    exposeHeadRoute: false,
    handler: async (request, reply) => {
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      const response = await fetch(new URL(request.url, to), {
        method: request.method,
        headers: {
          'x-request-id': request.id,
          'user-agent': request.headers['user-agent'] ?? '',
          ...(request.headers['content-type'] && { 'content-type': request.headers['content-type'] }),
        },
        ...(request.body && { body: Readable.toWeb(request.body) as ReadableStream<Uint8Array>, duplex: 'half' }),
        signal: gone.signal,
      }).catch(() => undefined);
      if (!response)
        return reply.code(503).send(errorBody('SUBGRAPH_UNAVAILABLE', 'What the link leads to is away.', request.id));
      for (const name of PASSED) {
        const value = response.headers.get(name);
        if (value !== null) void reply.header(name, value);
      }
      return reply.code(response.status).send(response.body && Readable.fromWeb(response.body as ReadableStream));
    },
  });
}
