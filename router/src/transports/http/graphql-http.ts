import { CodedError } from '@platform/kernel/errors';
import { errorBody } from '@platform/kernel/http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Page } from '../../development/index.js';
import type { Answer, GraphQLRequest, Pipeline } from '../../operation.js';
import { refusal } from '../../refusal.js';
import { GRAPHQL_RESPONSE, JSON_RESPONSE, type ResponseType, responseType } from './media-types.js';
import { requestOfBody, requestOfParameters } from './request-body.js';

interface GraphQLOverHttp {
  readonly pipeline: Pipeline;
  /** Answers browsers that open the endpoint as a page; left out where there is no explorer. */
  readonly explorer?: Page;
}

/** Serves /graphql after the GraphQL-over-HTTP specification: POST with a JSON body, GET for queries. */
export function registerGraphQL(http: FastifyInstance, { pipeline, explorer }: GraphQLOverHttp): void {
  http.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body));

    scope.post('/graphql', (request, reply) =>
      respond(request, reply, pipeline, () => requestOfBody((request.body as string | undefined) ?? '')),
    );
    scope.get('/graphql', (request, reply) => {
      const parameters = new URL(request.url, 'http://router').searchParams;
      if (explorer && !parameters.has('query') && request.headers.accept?.includes('text/html')) {
        return reply.headers(explorer.headers).send(explorer.body);
      }
      return respond(request, reply, pipeline, () => requestOfParameters(parameters));
    });
    scope.route({
      method: ['PUT', 'PATCH', 'DELETE'],
      url: '/graphql',
      handler: (_request, reply) => reply.code(405).header('allow', 'GET, POST').send(),
    });
  });
}

async function respond(
  request: FastifyRequest,
  reply: FastifyReply,
  pipeline: Pipeline,
  read: () => GraphQLRequest,
): Promise<void> {
  const type = responseType(request.headers.accept);
  if (type === null) {
    await reply
      .code(406)
      .type(JSON_RESPONSE)
      .send(JSON.stringify(errorBody('NOT_ACCEPTABLE', `Accept ${GRAPHQL_RESPONSE} or ${JSON_RESPONSE}.`)));
    return;
  }
  const answer = await answerTo(request, reply, pipeline, read);
  reply
    .code(statusOf(answer, type))
    .header('content-type', `${type}; charset=utf-8`)
    .headers(answer.headers ?? {});
  await reply.send(answer.result.json?.() ?? JSON.stringify(answer.result));
}

async function answerTo(
  request: FastifyRequest,
  reply: FastifyReply,
  pipeline: Pipeline,
  read: () => GraphQLRequest,
): Promise<Answer> {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  try {
    return await pipeline({
      request: read(),
      authorization: request.headers.authorization,
      headers: request.headers,
      clientIp: request.ip,
      userAgent: request.headers['user-agent'],
      requestId: request.id,
      mutationsAllowed: request.method === 'POST',
      signal: gone.signal,
    });
  } catch (error) {
    if (error instanceof CodedError) return refusal(error);
    throw error;
  }
}

/** A refused request is 400 in the GraphQL media type and 200 in plain JSON, unless its cause has a status of its own. */
function statusOf({ result, status }: Answer, type: ResponseType): number {
  if (status !== undefined) return status;
  return !('data' in result) && type === GRAPHQL_RESPONSE ? 400 : 200;
}
