import { constants } from 'node:zlib';
import compress from '@fastify/compress';
import { errorBody } from '@platform/foundation/http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isGraphQL } from './graphql-path.js';
import { namesOrigin } from './origins.js';

export interface EdgeOptions {
  /** Answers above `minSize` bytes are compressed, and compressed requests are read; null: neither. */
  readonly compression: { readonly minSize: number | null };
  /** Whether pages of other sites are kept from asking by GET; see `fromAnotherSite`. */
  readonly preventCsrf: boolean;
  /** Headers of every answer of /graphql, besides those that it needs. */
  readonly headers: Readonly<Record<string, string>>;
  /** Origins whose pages may ask. */
  readonly origins: () => readonly string[];
}

/** Headers that mean something else when they come twice, and that Node.js takes the first of. */
const ONCE: ReadonlySet<string> = new Set(['authorization', 'content-type', 'content-length', 'host', 'origin']);

/** What an API's answer needs in a browser: it is no page, belongs into no frame, and stays out of caches. */
const SECURITY = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
};

/** What happens to every request before it is looked at as GraphQL, and to every answer after it. */
export function registerEdge(http: FastifyInstance, options: EdgeOptions): void {
  if (options.compression.minSize !== null) registerCompression(http, options.compression.minSize);

  http.addHook('onRequest', async (request, reply) => {
    if (isDoubled(request.raw.rawHeaders)) {
      return reply.code(400).send(errorBody('BAD_REQUEST', 'A header that may come once has come twice.'));
    }
    if (options.preventCsrf && isGraphQL(request) && fromAnotherSite(request, options.origins())) {
      return reply
        .code(403)
        .send(errorBody('CSRF_PREVENTED', 'Pages of other sites ask with POST and application/json.'));
    }
  });

  const always = Object.entries({ ...SECURITY, ...options.headers });
  http.addHook('onSend', async (request, reply) => {
    if (!isGraphQL(request)) return;
    for (const [name, value] of always) {
      if (!reply.hasHeader(name)) reply.header(name, value);
    }
  });
}

/** Whole answers alone: streams forbid it (no-transform), so that each part is seen at once. */
function registerCompression(http: FastifyInstance, threshold: number): void {
  http.register(compress, {
    threshold,
    encodings: ['br', 'gzip'],
    requestEncodings: ['br', 'gzip', 'deflate'],
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
    customTypes: /^application\/(graphql-response\+)?json|^text\/html/,
  });
}

/**
 * Browsers send a GET of any page without asking first, and say in Sec-Fetch-Site whose page it is. What they ask about
 * first (a preflight) has been allowed: Authorization, and the headers that Apollo's clients set for the purpose.
 */
function fromAnotherSite({ method, headers }: FastifyRequest, origins: readonly string[]): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  if (headers.authorization || headers['apollo-require-preflight'] || headers['x-apollo-operation-name']) return false;
  if (headers['sec-fetch-mode'] === 'navigate' && headers.accept?.includes('text/html')) return false;
  const { origin } = headers;
  if (origin !== undefined && (namesOrigin(origins, origin) || origins.includes('*'))) return false;
  const site = headers['sec-fetch-site'];
  return site === 'cross-site' || site === 'same-site';
}

/** Whether a header that may come once has come twice. @param rawHeaders names and values in turns. */
export function isDoubled(rawHeaders: readonly string[]): boolean {
  const seen = new Set<string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    if (!ONCE.has(name)) continue;
    if (seen.has(name)) return true;
    seen.add(name);
  }
  return false;
}
