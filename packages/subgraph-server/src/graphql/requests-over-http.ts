import { CodedError, ServiceBusy } from '@platform/foundation/errors';
import { errorBody, whileConnected } from '@platform/foundation/http';
import { parseJson } from '@platform/foundation/json';
import type { SubgraphRequest, SubgraphResponse } from '@platform/subgraph-client/endpoints';
import type { RequestVerifier } from '@platform/subgraph-client/signatures';
import type { FastifyInstance, FastifyReply } from 'fastify';

type Answer = (
  request: SubgraphRequest,
  headers: Record<string, string>,
  signal: AbortSignal,
) => Promise<SubgraphResponse>;

/** Serves `POST /graphql`. @param signatures left out where requests need none. */
export function serveRequests(http: FastifyInstance, answer: Answer, signatures: RequestVerifier | undefined): void {
  http.register(async (scope) => {
    readBodies(scope, signatures);
    scope.post<{ Body: SubgraphRequest }>('/graphql', async (request, reply) => {
      try {
        return await answer(request.body, request.headers as Record<string, string>, whileConnected(reply));
      } catch (error) {
        return refused(error, reply);
      }
    });
  });
}

/** Coded failures of a whole request mean that its caller is not known, or that there is too much to do. */
function refused(error: unknown, reply: FastifyReply): FastifyReply {
  if (!(error instanceof CodedError)) throw error;
  if (error instanceof ServiceBusy) {
    const retryAfter = String(error.extensions['retryAfter']);
    return reply
      .code(503)
      .header('retry-after', retryAfter)
      .send({ errors: [error.toJSON()] });
  }
  return reply.code(401).send({ errors: [error.toJSON()] });
}

/** A body is checked as the text that was signed, before anything is made of it; then its numbers stay what they are. */
function readBodies(scope: FastifyInstance, signatures: RequestVerifier | undefined): void {
  scope.removeContentTypeParser('application/json');
  scope.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (_request, text, done) =>
    done(null, text),
  );
  scope.addHook('preHandler', async (request, reply) => {
    const body = typeof request.body === 'string' ? request.body : '';
    const [path = ''] = request.url.split('?', 1);
    try {
      signatures?.verify({ method: request.method, path, headers: request.headers, body });
    } catch (error) {
      return refused(error, reply);
    }
    try {
      request.body = parseJson(body);
    } catch {
      return reply.code(400).send(errorBody('BAD_REQUEST', 'The body is not well-formed JSON.'));
    }
  });
}
