import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { requestContext } from '../logging/index.js';
import type { ClientAddress } from './client-address.js';

type Scope = ReturnType<typeof AsyncLocalStorage.snapshot>;

const acceptable = /^[\w.:-]{1,128}$/;

/** The client's X-Request-ID when it is a plausible one, a new one otherwise. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && acceptable.test(given) ? given : randomUUID();
}

/** Every hook and handler of a request runs in its context, and the response names the request. */
export function scopeRequests(app: FastifyInstance, clientIp: ClientAddress): void {
  const scopes = new WeakMap<FastifyRequest, Scope>();

  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    const context = {
      requestId: request.id,
      clientIp: clientIp(request.raw),
      userAgent: request.headers['user-agent'],
    };
    requestContext.run(context, () => {
      scopes.set(request, AsyncLocalStorage.snapshot());
      done();
    });
  });
  // Reading the body leaves the context (its events belong to the connection): enter it again.
  app.addHook('preValidation', (request, _reply, done) => scopes.get(request)?.(done));
}
