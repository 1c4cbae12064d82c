import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isGraphQL } from './graphql-path.js';
import { namesOrigin } from './origins.js';

/** Which pages of other origins may call the API. */
export interface CorsRules {
  /** Origins, the first label of a host perhaps `*`, with credentials; `*` is every origin, without. */
  readonly origins: readonly string[];
  /** How long browsers may keep the answer to a preflight, in ms. */
  readonly maxAge: number;
}

const METHODS = 'GET, POST';
/** Event streams of the single connection mode are reserved by PUT, and their operations stopped by DELETE. */
const STREAMS_TOO = `${METHODS}, PUT, DELETE`;
const READABLE = ['idempotency-replayed', 'retry-after', 'x-request-id'];

/** Answers preflights and lets allowed origins read /graphql, and the headers that pass from subgraphs, by the rules in force at each request: https://fetch.spec.whatwg.org/#http-cors-protocol */
export function registerCors(http: FastifyInstance, rules: () => CorsRules, passed: readonly string[]): void {
  const readable = [...READABLE, ...passed].join(', ');
  http.addHook('onRequest', async (request, reply) => {
    if (!isGraphQL(request)) return;
    const { origins, maxAge } = rules();
    if (origins.length > 0) reply.header('vary', 'Origin');
    const allowed = allowOrigin(request, reply, origins, readable);
    if (request.method !== 'OPTIONS') return;

    if (allowed && request.headers['access-control-request-method']) {
      reply.headers({
        'access-control-allow-methods': STREAMS_TOO,
        'access-control-max-age': Math.floor(maxAge / 1000),
      });
      const wanted = request.headers['access-control-request-headers'];
      if (wanted) reply.header('access-control-allow-headers', wanted);
    }
    return reply.code(204).header('allow', METHODS).send();
  });
}

/** Says to the browser that the page may read the answer, if it may. */
function allowOrigin(
  request: FastifyRequest,
  reply: FastifyReply,
  origins: readonly string[],
  readable: string,
): boolean {
  const { origin } = request.headers;
  if (!origin) return false;
  if (namesOrigin(origins, origin)) {
    reply.headers({ 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' });
  } else if (origins.includes('*')) {
    reply.header('access-control-allow-origin', '*');
  } else {
    return false;
  }
  reply.header('access-control-expose-headers', readable);
  return true;
}
