import { CodedError } from '@platform/foundation/errors';
import { parametersOf, whileConnected } from '@platform/foundation/http';
import { requestContext } from '@platform/foundation/logging';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Explorer } from '../../dev-ui/index.js';
import { toErrorResponse } from '../../error-response.js';
import { mergedHeaders } from '../../headers/index.js';
import type { Answer, GraphQLRequest, IncomingOperation, Pipeline, SingleAnswer } from '../../operation.js';
import type { RateLimitState } from '../../rate-limits/index.js';
import type { AuthenticateConnection } from '../authenticate-connection.js';
import { acceptsEventStream, eventStreamFormat } from '../sse/event-stream-format.js';
import type { EventStreams } from '../sse/event-streams.js';
import { SingleConnection, streamToken } from '../sse/single-connection.js';
import { acceptableTypes } from './acceptable-types.js';
import { answerOfBatch, type Batching, isBatch, operationsOfBatch } from './batch.js';
import { isInflated } from './inflated-body.js';
import { GRAPHQL_RESPONSE, JSON_RESPONSE, responseType } from './media-types.js';
import { requestOfBody, requestOfJson, requestOfParameters } from './request-body.js';
import { notAcceptable, notAllowed, sendAnswer, tooLarge } from './send-answer.js';
import { sendStream } from './send-stream.js';
import type { StreamFormat } from './stream-format.js';

/** Why an operation that came now would not begin. */
export type Refused = (of: Pick<IncomingOperation, 'authorization' | 'clientIp'>) => CodedError | undefined;

interface GraphQLOverHttp {
  readonly pipeline: Pipeline;
  readonly eventStreams: EventStreams;
  readonly authenticate: AuthenticateConnection;
  /** Counts a request against its address. Rejects where that has asked too often. */
  readonly count: (clientIp: string | undefined) => Promise<readonly RateLimitState[]>;
  readonly refused: Refused;
  /** Silence, in ms, after which a stream gets a sign of life. */
  readonly heartbeat: number;
  readonly batching: Batching;
  /** Hears of failures that no request is there any more to be answered with. */
  readonly onError: (error: unknown) => void;
  /** Answers browsers that open the endpoint as a page; left out where there is no explorer. */
  readonly explorer?: Explorer;
}

/** Serves /graphql: POST with a JSON body and GET for queries (GraphQL over HTTP), answers in parts (multipart) and as events (SSE). */
export function registerGraphQL(http: FastifyInstance, options: GraphQLOverHttp): void {
  const { pipeline, explorer, heartbeat, batching } = options;
  const single = new SingleConnection(options.eventStreams, heartbeat, options.onError);

  const respond = async (request: FastifyRequest, reply: FastifyReply, read: () => GraphQLRequest): Promise<void> => {
    const types = acceptableTypes(request.headers.accept);
    if (!types) return notAcceptable(reply);
    const answer = await answerTo(request, reply, pipeline, read, {
      streaming: types.stream !== undefined,
      incremental: types.incremental !== undefined,
    });
    if ('stream' in answer) {
      const format = answer.incremental ? types.incremental : types.stream;
      reply.headers(answer.headers ?? {});
      return sendStream(request, reply, format as StreamFormat, answer.stream, heartbeat);
    }
    if (!types.single && types.stream === eventStreamFormat && answer.status === undefined) {
      return sendStream(request, reply, eventStreamFormat, only(answer.result), heartbeat);
    }
    return sendAnswer(reply, answer, types.single ?? JSON_RESPONSE, request);
  };

  const respondToBatch = async (request: FastifyRequest, reply: FastifyReply, text: string): Promise<void> => {
    const type = responseType(request.headers.accept);
    if (!type) return notAcceptable(reply);
    const signal = whileConnected(reply);
    const answers = await Promise.all(
      operationsOfBatch(text, batching).map((json, position) =>
        answerTo(request, reply, pipeline, () => requestOfJson(json), { signal, position }),
      ),
    );
    const { status, headers = {}, passed = [], body } = answerOfBatch(answers as SingleAnswer[]);
    reply.headers({ ...mergedHeaders(passed), 'content-type': `${type}; charset=utf-8`, ...headers });
    await reply.code(status).send(body);
  };

  http.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body));

    // Who asks too often is refused before a body is read: reading one costs more than many an operation.
    const counting = async (request: FastifyRequest, reply: FastifyReply) => {
      const { authorization } = request.headers;
      const clientIp = requestContext.current()?.clientIp;
      const busy = mayBeSignIn(request) ? undefined : options.refused({ authorization, clientIp });
      if (busy) return sendAnswer(reply, toErrorResponse(busy), GRAPHQL_RESPONSE);
      const count = options.count(clientIp);
      counts.set(request, count);
      await count.catch(() => respond(request, reply, () => UNREAD));
    };

    scope.post('/graphql', { onRequest: counting }, (request, reply) => {
      const text = (request.body as string | undefined) ?? '';
      if (isInflated(text, request.headers)) return tooLarge(reply);
      if (isBatch(text, batching)) return orRefusal(reply, () => respondToBatch(request, reply, text));
      const read = () => requestOfBody(text);
      const token = streamToken(request);
      if (!token || acceptsEventStream(request.headers.accept)) return respond(request, reply, read);
      const run = (operation: GraphQLRequest, stream: Partial<IncomingOperation>) =>
        answerTo(request, reply, pipeline, () => operation, { ...stream, streaming: true, incremental: true });
      const refused = (answer: Answer) => sendAnswer(reply, answer as SingleAnswer, GRAPHQL_RESPONSE);
      return orRefusal(reply, () => single.start(token, read(), reply, run, refused));
    });

    scope.get('/graphql', (request, reply) => {
      const parameters = parametersOf(request.url);
      const token = streamToken(request);
      if (token && acceptsEventStream(request.headers.accept)) return single.open(token, request, reply);
      if (explorer && !parameters.has('query') && request.headers.accept?.includes('text/html')) {
        const { status = 200, headers, body } = explorer(request.headers.host);
        return reply.code(status).headers(headers).send(body);
      }
      return respond(request, reply, () => requestOfParameters(parameters));
    });

    // A PUT without a body asks for an event stream; with one it is a request by the wrong method.
    scope.put('/graphql', (request, reply) => {
      if (request.body) return notAllowed(reply);
      return orRefusal(reply, async () => {
        const clientIp = requestContext.current()?.clientIp;
        const { headers } = request;
        const subject = await options.authenticate({ authorization: headers.authorization, headers, clientIp });
        await single.reserve(subject, clientIp, reply);
      });
    });
    scope.delete('/graphql', (request, reply) => {
      const token = streamToken(request);
      const id = parametersOf(request.url).get('operationId');
      return token ? single.stop(token, id, reply) : notAllowed(reply);
    });
    scope.patch('/graphql', (_request, reply) => notAllowed(reply));
  });
}

/** Who signs in has no token yet, and little to say. Only the body tells; it costs little to read. */
const mayBeSignIn = ({ headers }: FastifyRequest): boolean =>
  headers.authorization === undefined && Number(headers['content-length'] ?? Number.POSITIVE_INFINITY) <= SHORT;

const SHORT = 8 * 1024;

/** Counts that were made for requests, each for the first of its operations. */
const counts = new WeakMap<FastifyRequest, Promise<readonly RateLimitState[]>>();

function takenCount(request: FastifyRequest): Promise<readonly RateLimitState[]> | undefined {
  const count = counts.get(request);
  counts.delete(request);
  return count;
}

/** Stands for what a refused request asks. */
const UNREAD: GraphQLRequest = { query: '' };

/** Runs the operation for as long as the client waits, or the stream that carries it is there. */
async function answerTo(
  request: FastifyRequest,
  reply: FastifyReply,
  pipeline: Pipeline,
  read: () => GraphQLRequest,
  { signal, connection, position, streaming = false, incremental }: Partial<IncomingOperation>,
): Promise<Answer> {
  try {
    return await pipeline({
      request: read(),
      authorization: request.headers.authorization,
      headers: request.headers,
      clientIp: requestContext.current()?.clientIp,
      userAgent: request.headers['user-agent'],
      requestId: request.id,
      mutationsAllowed: request.method === 'POST',
      streaming,
      incremental,
      connection,
      position,
      counted: takenCount(request),
      signal: signal ?? whileConnected(reply),
    });
  } catch (error) {
    if (error instanceof CodedError) return toErrorResponse(error);
    throw error;
  }
}

async function orRefusal(reply: FastifyReply, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    await sendAnswer(reply, toErrorResponse(error), GRAPHQL_RESPONSE);
  }
}

async function* only<T>(result: T): AsyncGenerator<T, undefined> {
  yield result;
}
