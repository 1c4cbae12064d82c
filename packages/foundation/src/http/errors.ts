import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';

/** What every refusal looks like, so that a GraphQL client can read it as it reads any answer. */
export interface ErrorBody {
  errors: { message: string; extensions: { code: string; requestId?: string } }[];
}

export const errorBody = (code: string, message: string, requestId?: string): ErrorBody => ({
  errors: [{ message, extensions: { code, ...(requestId && { requestId }) } }],
});

const codes: Record<number, string> = { 404: 'NOT_FOUND', 413: 'PAYLOAD_TOO_LARGE', 415: 'UNSUPPORTED_MEDIA_TYPE' };

/** Refusals of the client's request as they are; everything else reported once and masked. */
export const answerError =
  (onError: (error: unknown) => void) =>
  (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    const status = error.statusCode ?? 500;
    if (status >= 400 && status < 500) {
      void reply.code(status).send(errorBody(codes[status] ?? 'BAD_REQUEST', error.message));
      return;
    }
    onError(error);
    void reply.code(500).send(errorBody('INTERNAL_SERVER_ERROR', 'Something went wrong on our side.', request.id));
  };

export const answerNotFound = (request: FastifyRequest, reply: FastifyReply): void => {
  void reply
    .code(404)
    .send(errorBody('NOT_FOUND', `There is nothing at ${request.method} ${request.url.split('?')[0]}`));
};

/** The answer, in bytes, to what is no HTTP request at all; the connection ends with it. */
export function malformedRequestAnswer({ code }: { code?: string }): string {
  const status = code === 'HPE_HEADER_OVERFLOW' ? 431 : code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  const body = JSON.stringify(errorBody('BAD_REQUEST', STATUS_CODES[status] ?? 'Bad Request'));
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
