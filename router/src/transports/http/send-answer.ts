import { errorBody } from '@platform/foundation/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { mergedHeaders } from '../../headers/index.js';
import type { SingleAnswer } from '../../operation.js';
import { entityTag, isKeepable, isKnown } from './conditional.js';
import { GRAPHQL_RESPONSE, JSON_RESPONSE, type ResponseType } from './media-types.js';

/** Sends an answer in one piece. @param request of one that may be answered with what the client has already. */
export async function sendAnswer(
  reply: FastifyReply,
  answer: SingleAnswer,
  type: ResponseType,
  request?: FastifyRequest,
): Promise<void> {
  const { headers = {}, result } = answer;
  if (answer.passed) reply.headers(mergedHeaders(answer.passed));
  const vary = [reply.getHeader('vary'), headers['vary']].filter((names) => names !== undefined);
  reply
    .code(statusOf(answer, type))
    .header('content-type', `${type}; charset=utf-8`)
    .headers(vary.length > 1 ? { ...headers, vary: vary.join(', ') } : headers);
  const body = result.json?.() ?? JSON.stringify(result);
  if (request && isKeepable(request, headers)) {
    const tag = entityTag(body);
    reply.header('etag', tag);
    if (isKnown(request, tag)) return reply.code(304).send();
  }
  await reply.send(body);
}

/** A refused request is 400 in the GraphQL media type and 200 in plain JSON, unless its cause has a status of its own. */
function statusOf({ result, status }: SingleAnswer, type: ResponseType): number {
  if (status !== undefined) return status;
  return !('data' in result) && type === GRAPHQL_RESPONSE ? 400 : 200;
}

/** The client reads nothing that can be answered. */
export async function notAcceptable(reply: FastifyReply): Promise<void> {
  await reply
    .code(406)
    .type(JSON_RESPONSE)
    .send(JSON.stringify(errorBody('NOT_ACCEPTABLE', `Accept ${GRAPHQL_RESPONSE} or ${JSON_RESPONSE}.`)));
}

/** The body is larger than is read once it is inflated. */
export const tooLarge = (reply: FastifyReply) =>
  reply
    .code(413)
    .type(JSON_RESPONSE)
    .send(JSON.stringify(errorBody('PAYLOAD_TOO_LARGE', 'The body is compressed beyond what is read.')));

/** The method is none that operations are asked with. */
export const notAllowed = (reply: FastifyReply) => reply.code(405).header('allow', 'GET, POST').send();
