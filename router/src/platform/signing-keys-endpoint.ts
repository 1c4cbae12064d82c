import type { FastifyInstance } from 'fastify';
import type { JwksCache } from '../authentication/jwks-cache.js';

/** Publishes the keys of access tokens (RFC 7517), for everyone who wants to check one. */
export function registerKeys(http: FastifyInstance, keys: JwksCache, onFailure: (error: unknown) => void): void {
  http.get('/.well-known/jwks.json', async (_request, reply) => {
    const jwks = await keys.jwks().catch((error: unknown) => {
      onFailure(error);
      return null;
    });
    if (!jwks) return reply.code(503).send({ errors: [{ message: 'The keys cannot be read right now.' }] });
    return reply.header('cache-control', 'public, max-age=300').send(jwks);
  });
}
