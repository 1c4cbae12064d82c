import { errorBody, LONGEST_ID, parametersOf } from '@platform/foundation/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BadRequest, TooManySubscriptions } from '../../errors.js';
import type { Answer, GraphQLRequest } from '../../operation.js';
import { sendText } from '../http/send-stream.js';
import type { EventStreams } from './event-streams.js';

const TOKEN_HEADER = 'x-graphql-event-stream-token';
const TOKEN_PARAMETER = 'token';

/** The token of the event stream that a request belongs to. */
export function streamToken({ headers, url }: FastifyRequest): string | undefined {
  const header = headers[TOKEN_HEADER];
  if (typeof header === 'string') return header;
  if (!url.includes('?')) return undefined;
  return parametersOf(url).get(TOKEN_PARAMETER) ?? undefined;
}

type Run = (request: GraphQLRequest, stream: { signal: AbortSignal; connection: object }) => Promise<Answer>;

/**
 * GraphQL over Server-Sent Events, single connection mode: PUT reserves a stream, GET opens it, POST starts an operation whose results it carries,
 * DELETE stops one.
 */
export class SingleConnection {
  constructor(
    private readonly streams: EventStreams,
    private readonly heartbeat: number,
    /** Hears of an operation whose results fail to be carried. */
    private readonly onError: (error: unknown) => void,
  ) {}

  /** @param subject who signed in; null for anonymous clients. */
  async reserve(subject: string | null, clientIp: string | undefined, reply: FastifyReply): Promise<void> {
    const token = this.streams.reserve(subject, clientIp);
    if (token) await reply.code(201).type('text/plain; charset=utf-8').send(token);
    else await refuse(reply, 429, 'TOO_MANY_SUBSCRIPTIONS', 'Too many event streams are reserved or open.');
  }

  async open(token: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (!this.streams.find(token)) return refuse(reply, 404, 'NOT_FOUND', 'There is no such event stream.');
    const stream = this.streams.open(token);
    if (!stream) return refuse(reply, 409, 'CONFLICT', 'The event stream is open already.');
    reply.raw.once('close', () => stream.close());
    await sendText(request, reply, 'text/event-stream; charset=utf-8', stream.text(this.heartbeat), this.heartbeat);
  }

  /** Answers 202 and lets the stream carry the results; what is refused before it runs is answered here. @throws BadRequest, TooManySubscriptions */
  async start(
    token: string,
    request: GraphQLRequest,
    reply: FastifyReply,
    run: Run,
    refused: (answer: Answer) => Promise<void>,
  ): Promise<void> {
    const stream = this.streams.find(token);
    if (!stream) return refuse(reply, 404, 'NOT_FOUND', 'There is no such event stream.');
    const id = request.extensions?.operationId;
    if (typeof id !== 'string' || id === '') throw new BadRequest('"extensions.operationId" must be a string.');
    if (id.length > LONGEST_ID)
      throw new BadRequest(`"extensions.operationId" is longer than ${LONGEST_ID} characters.`);
    if (stream.full) throw new TooManySubscriptions(this.streams.operations, 'connection', 'operations');
    const signal = stream.begin(id);
    if (!signal) return refuse(reply, 409, 'CONFLICT', 'There is an operation with this id already.');

    const answer = await run(request, { signal, connection: stream }).catch((error: unknown) => {
      stream.finish(id);
      throw error;
    });
    if ('result' in answer && !('data' in answer.result)) {
      stream.finish(id);
      return refused(answer);
    }
    stream.carry(id, answer).catch((error: unknown) => {
      this.onError(error);
      stream.close();
    });
    await reply.code(202).send();
  }

  async stop(token: string, id: string | null, reply: FastifyReply): Promise<void> {
    const stream = this.streams.find(token);
    if (!stream) return refuse(reply, 404, 'NOT_FOUND', 'There is no such event stream.');
    if (!id) return refuse(reply, 400, 'BAD_REQUEST', 'The parameter "operationId" is missing.');
    stream.finish(id);
    await reply.code(200).send();
  }
}

async function refuse(reply: FastifyReply, status: number, code: string, message: string): Promise<void> {
  await reply.code(status).send(errorBody(code, message));
}
