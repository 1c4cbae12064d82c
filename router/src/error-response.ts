import { EngineError, RequestRefused } from '@platform/federation-engine';
import { CodedError } from '@platform/foundation/errors';
import type { SingleAnswer } from './operation.js';

/** HTTP statuses of refusals that mean the same to every client; any other follows GraphQL over HTTP. */
const STATUSES: Readonly<Record<string, number>> = {
  BAD_REQUEST: 400,
  PERSISTED_QUERY_NOT_FOUND: 200,
  PERSISTED_QUERY_NOT_SUPPORTED: 200,
  PERSISTED_QUERY_NOT_IN_LIST: 404,
  PERSISTED_QUERY_ID_REQUIRED: 400,
  CANNOT_SEND_PQ_ID_AND_BODY: 400,
  QUERY_NOT_IN_SAFELIST: 403,
  BATCH_LIMIT_EXCEEDED: 400,
  UNAUTHENTICATED: 401,
  METHOD_NOT_ALLOWED: 405,
  RATE_LIMITED: 429,
  TOO_MANY_SUBSCRIPTIONS: 429,
  QUERY_PLANNING_FAILED: 500,
  QUERY_PLANNING_TIMEOUT: 503,
  SERVICE_BUSY: 503,
  SERVICE_UNAVAILABLE: 503,
  SERVER_SHUTTING_DOWN: 503,
};

/** The status that the code means to every client; undefined where the transport decides. */
export const statusOf = (code: string): number | undefined => STATUSES[code];

/** A failure that clients hear of: the router's own, or one of the engine's, which knows no router. */
export type ClientError = CodedError | EngineError;

export const isClientError = (error: unknown): error is ClientError =>
  error instanceof CodedError || error instanceof EngineError;

/** Stable, as clients get it in `extensions.code`. */
export const codeOf = ({ extensions }: ClientError): string => String(extensions.code);

/** The answer to an operation that failed as a whole, whatever it failed with: what clients may not hear of is masked. */
export function toErrorResponse(error: unknown, requestId?: string): SingleAnswer {
  if (!isClientError(error)) return internalError(requestId);
  if (error instanceof RequestRefused) return { result: { errors: error.errors } };
  const code = codeOf(error);
  return {
    result: { errors: [error.toJSON()] },
    status: statusOf(code),
    headers: headersOf(code, error.extensions.retryAfter),
  };
}

/** RFC 6750: a refused token says so in WWW-Authenticate. The time to wait belongs into Retry-After; methods that may be used instead belong into Allow. */
function headersOf(code: string, retryAfter: unknown): Record<string, string> {
  if (typeof retryAfter === 'number') return { 'retry-after': String(retryAfter) };
  if (code === 'UNAUTHENTICATED') return { 'www-authenticate': 'Bearer error="invalid_token"' };
  if (code === 'METHOD_NOT_ALLOWED') return { allow: 'POST' };
  // The next request with this hash may be answered: no cache between may remember that this one was not.
  if (code === 'PERSISTED_QUERY_NOT_FOUND') return { 'cache-control': 'private, no-cache, must-revalidate' };
  return {};
}

/** The answer to a failure that is nobody's business outside; the request id leads to its report. */
const internalError = (requestId?: string): SingleAnswer => ({
  result: {
    errors: [
      {
        message: 'Something went wrong on our side.',
        extensions: { code: 'INTERNAL_SERVER_ERROR', ...(requestId && { requestId }) },
      },
    ],
  },
  status: 500,
});
