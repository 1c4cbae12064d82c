import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { requestContext } from '../logging/index.js';
import {
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  currentTraceId,
  type OpenSpan,
  openSpan,
} from '../tracing/index.js';
import type { ClientAddress } from './client-address.js';

type Scope = ReturnType<typeof AsyncLocalStorage.snapshot>;

const quiet = new Set(['/healthz', '/ready', '/metrics']);
const acceptable = /^[\w.:-]{1,128}$/;

/** The client's X-Request-ID when it is a plausible one, a new one otherwise. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && acceptable.test(given) ? given : randomUUID();
}

/** Every hook and handler of a request runs in its context and its span, and the response names the request. */
export function scopeRequests(app: FastifyInstance, clientIp: ClientAddress, continueTraces: boolean): void {
  const scopes = new WeakMap<FastifyRequest, Scope>();
  const spans = new WeakMap<FastifyRequest, OpenSpan>();

  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    const enter = (): void => {
      const context = {
        requestId: request.id,
        ...(request.headers['x-request-id'] === request.id && { serverRequestId: randomUUID() }),
        clientIp: clientIp(request.raw),
        userAgent: request.headers['user-agent'],
        traceId: currentTraceId(),
      };
      requestContext.run(context, () => {
        scopes.set(request, AsyncLocalStorage.snapshot());
        done();
      });
    };
    const span = requestSpan(request, continueTraces);
    if (!span) return enter();
    spans.set(request, span);
    span.run(enter);
  });
  // Reading the body leaves the context (its events belong to the connection): enter it again.
  app.addHook('preValidation', (request, _reply, done) => scopes.get(request)?.(done));

  app.addHook('onResponse', async (request, reply) => {
    const failure = reply.statusCode >= 500 ? new Error(`HTTP ${reply.statusCode}`) : undefined;
    spans.get(request)?.end({ [ATTR_HTTP_RESPONSE_STATUS_CODE]: reply.statusCode }, failure);
  });
}

/** Named by the route's pattern; what probes and scrapers ask is not worth a trace. */
function requestSpan({ method, routeOptions, headers }: FastifyRequest, continueTraces: boolean): OpenSpan | undefined {
  const route = routeOptions.url ?? 'unknown';
  if (quiet.has(route)) return undefined;
  const attributes = { [ATTR_HTTP_REQUEST_METHOD]: method, [ATTR_HTTP_ROUTE]: route };
  return openSpan(`${method} ${route}`, {
    kind: 'server',
    attributes,
    ...(continueTraces ? { causedBy: headers } : { linkedTo: headers }),
  });
}
