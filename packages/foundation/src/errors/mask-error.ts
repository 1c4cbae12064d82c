import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { requestContext } from '../logging/index.js';
import { CodedError, DeadlineExceeded, ServiceBusy, ServiceUnavailable } from './coded-error.js';
import { isConnectionFailure } from './connection-failure.js';
import type { ErrorBus } from './error-bus.js';

/** PostgreSQL's SQLSTATEs for text that it cannot keep, such as the NUL character: that is never our mistake. */
const UNSTORABLE = new Set(['22021', '22P05']);
/** And for statements and transactions that it has ended because they took too long. */
const OVERDUE = new Set(['57014', '25P03', '25P04']);
/** And for a lock that others have kept too long. */
const LOCKED = '55P03';
const UNSTORABLE_TEXT = 'Contains characters that cannot be stored.';

/** What a client may know of a failure: coded errors as they are, anything else as INTERNAL_SERVER_ERROR with the request id, reported once. */
export function maskError(formatted: GraphQLFormattedError, error: unknown, bus: ErrorBus): GraphQLFormattedError {
  const original = causeOf(error instanceof GraphQLError ? (error.originalError ?? error) : error);
  if (isCoded(formatted) && (original instanceof GraphQLError || original === undefined)) {
    return { ...formatted, extensions: withoutStack(formatted.extensions) };
  }

  const place = {
    ...(formatted.path && { path: formatted.path }),
    ...(formatted.locations && { locations: formatted.locations }),
  };
  const passing = passingFailure(original);
  if (passing) return { message: passing.message, ...place, extensions: passing.extensions };
  if (UNSTORABLE.has(codeOf(original)))
    return { message: UNSTORABLE_TEXT, ...place, extensions: { code: 'BAD_USER_INPUT' } };
  bus.publish(original);
  const requestId = requestContext.current()?.requestId;
  return {
    message: 'Something went wrong on our side.',
    ...place,
    extensions: { code: 'INTERNAL_SERVER_ERROR', ...(requestId && { requestId }) },
  };
}

/** What is nobody's mistake and passes: the one place that says so to clients, for every subgraph. */
function passingFailure(error: unknown): CodedError | undefined {
  if (error instanceof CodedError) return error;
  if (isConnectionFailure(error)) return new ServiceUnavailable();
  if (codeOf(error) === LOCKED) return new ServiceBusy();
  return OVERDUE.has(codeOf(error)) ? new DeadlineExceeded() : undefined;
}

const codeOf = (error: unknown): string => (error as { code?: string } | undefined)?.code ?? '';

/** What is behind a failed statement. */
function causeOf(error: unknown): unknown {
  const { driverError } = (error ?? {}) as { driverError?: unknown };
  return driverError instanceof CodedError ? driverError : error;
}

const isCoded = ({ extensions }: GraphQLFormattedError): boolean =>
  typeof extensions?.code === 'string' && extensions.code !== 'INTERNAL_SERVER_ERROR';

function withoutStack(extensions: Record<string, unknown> | undefined): Record<string, unknown> {
  const { stacktrace, ...kept } = extensions ?? {};
  return kept;
}
