/** Of Node.js: the server could not be reached, or this process has no descriptors left to reach it with. */
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'EMFILE',
  'ENFILE',
]);
/** Of TypeORM, when a transaction goes on whose connection was lost. */
const RELEASED = new Set(['QueryRunnerAlreadyReleasedError', 'QueryRunnerProviderAlreadyReleasedError']);
/** Of node-postgres, which has no codes: the connection was lost, could not be had in time, or the pool has ended. */
const LOST =
  /connection terminated|connection error and is not queryable|timeout exceeded when trying to connect|after calling end on the pool|client was closed/i;

/**
 * True when the server could not be reached or went away (SQLSTATE classes 08, 53 and 57P; 25006 after a failover), as opposed to refusing
 * the statement.
 */
export function isConnectionFailure(error: unknown): boolean {
  const { code, message, name, errors } = (error ?? {}) as Partial<AggregateError> & { code?: string };
  return (
    RELEASED.has(name ?? '') ||
    UNREACHABLE.has(code ?? '') ||
    /^(08|53|57P|25006)/.test(code ?? '') ||
    LOST.test(message ?? '') ||
    (Array.isArray(errors) && errors.length > 0 && errors.every(isConnectionFailure))
  );
}
