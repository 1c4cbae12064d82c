import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { DOWNLOAD_PATH, downloadTarget } from '@platform/audit/export';
import { blobPath, blobTarget, InvalidBlobKey } from '@platform/blobs';
import { errorBody, type HttpRoutes } from '@platform/foundation/http';
import type { Logger } from '@platform/foundation/logging';
import type { OutboundStream, StreamOptions } from '@platform/foundation/outbound';

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

type Method = 'GET' | 'PUT' | 'OPTIONS';

/** The way to a subgraph's process: by the same connections, certificates and instances as its operations take. */
export interface PassingEndpoint {
  stream(path: string, options: StreamOptions): Promise<OutboundStream>;
}

/** A request as its route matched it. */
interface Matched {
  readonly params: Readonly<Record<string, string | undefined>>;
  readonly query: Readonly<Record<string, unknown>>;
}

interface Way {
  readonly endpoint: PassingEndpoint;
  readonly target: Target;
  readonly onFailure: (error: unknown) => void;
}

/** The path that a request is passed on to, built from what its route matched; undefined where that cannot be a link. */
type Target = (matched: Matched) => string | undefined;

/**
 * Lets people reach at the router, the one public entry, what the processes of subgraphs serve beside GraphQL: blobs by signed links, and
 * exports of the audit log. Both ways bytes stream through at the pace of who takes them. Links are checked where they lead; the place
 * and the path of a request are ours, whatever its target says.
 */
export const reverseProxy =
  (endpoints: ReadonlyMap<string, PassingEndpoint>, logger: Logger): HttpRoutes =>
  (app) => {
    void app.register(async (scope) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', (_request, body, done) => done(null, body));
      for (const [name, endpoint] of endpoints) {
        const onFailure = (err: unknown) =>
          logger.warn({ err, subgraph: name }, 'proxied request failed; responding 503');
        pass(scope, ['GET', 'PUT', 'OPTIONS'], blobPath(name), { endpoint, target: toBlob(name), onFailure });
        if (name === 'audit') pass(scope, ['GET'], DOWNLOAD_PATH, { endpoint, target: toExport, onFailure });
      }
    });
  };

const toBlob =
  (module: string): Target =>
  ({ params, query }) => {
    try {
      return blobTarget(module, params['*'] ?? '', query);
    } catch (error) {
      if (error instanceof InvalidBlobKey) return undefined;
      throw error;
    }
  };

const toExport: Target = ({ params, query }) => downloadTarget(params.jobId ?? '', query);

function pass(
  app: Parameters<HttpRoutes>[0],
  methods: readonly Method[],
  path: string,
  { endpoint, target, onFailure }: Way,
): void {
  app.route({
    method: [...methods],
    url: path,
    exposeHeadRoute: false,
    handler: async (request, reply) => {
      const { params, query } = request as Matched;
      const to = target({ params, query });
      if (to === undefined)
        return reply.code(404).send(errorBody('NOT_FOUND', 'There is nothing here, or its link is not good any more.'));
      const gone = whenGone(reply.raw);
      const response = await endpoint
        .stream(to, {
          method: request.method as Method,
          headers: { 'x-request-id': request.id, ...passedHeaders(request.raw) },
          ...(request.body ? { body: request.body as Readable } : undefined),
          signal: gone,
        })
        .catch((error: unknown) => {
          if (!gone.aborted) onFailure(error);
          return undefined;
        });
      if (!response)
        return reply.code(503).send(errorBody('SUBGRAPH_UNAVAILABLE', 'What the link leads to is away.', request.id));
      for (const name of PASSED) {
        const value = response.headers[name];
        if (value !== undefined) void reply.header(name, value);
      }
      return reply.code(response.status).send(response.body);
    },
  });
}

function passedHeaders({ headers }: IncomingMessage): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const name of ['user-agent', 'content-type'] as const) {
    const value = headers[name];
    if (value) passed[name] = value;
  }
  return passed;
}

function whenGone(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return gone.signal;
}
