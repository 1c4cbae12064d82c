import { createHash, timingSafeEqual } from 'node:crypto';
import type { ResponseCache } from '@platform/federation-engine';
import { errorBody } from '@platform/foundation/http';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';

const name = z.string().min(1);
const several = z.array(name).min(1).optional();

/** One thing to put out of date, in the words of Apollo Router's invalidation requests. */
const invalidation = z.union([
  z.object({ kind: z.literal('subgraph'), subgraph: name }).transform(({ subgraph }) => `subgraph:${subgraph}`),
  z.object({ kind: z.literal('type'), type: name, subgraph: name.optional() }).transform(({ type }) => `type:${type}`),
  z
    .object({ kind: z.literal('cache_tag'), cache_tag: name, subgraphs: several })
    .transform(({ cache_tag: tag }) => tag),
  z.object({ kind: z.literal('everything') }).transform(() => 'everything'),
]);

const invalidations = z.array(invalidation).min(1).max(1000);

/** `POST /cache/invalidate`: puts kept answers out of date, for whoever holds the key. A 202 says that none of them is given any more. */
export function registerInvalidation(http: FastifyInstance, answers: ResponseCache, key: string): void {
  const expected = digest(key);
  http.post('/cache/invalidate', async (request, reply) => {
    const given = request.headers.authorization?.replace(/^Bearer +/i, '');
    if (given === undefined || !timingSafeEqual(digest(given), expected)) {
      return reply
        .code(401)
        .send(errorBody('UNAUTHENTICATED', 'Authorization must be the key of router.cache.invalidationKey.'));
    }
    const tags = invalidations.safeParse(request.body);
    if (!tags.success) {
      return reply
        .code(400)
        .send(
          errorBody('BAD_REQUEST', 'The body must be a list of { kind: subgraph, type, cache_tag or everything }.'),
        );
    }
    try {
      await answers.invalidate([...new Set(tags.data)]);
    } catch {
      return reply
        .code(503)
        .send(
          errorBody('SERVICE_UNAVAILABLE', 'Redis is away. What was asked is done before anything is read again here.'),
        );
    }
    return reply.code(202).send({ count: tags.data.length });
  });
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
