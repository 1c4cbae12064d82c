import { isConnectionFailure, OperatorError } from '@platform/foundation/errors';
import type { Logger } from '@platform/foundation/logging';
import { retry } from '@platform/foundation/retry';

/** The database server is unavailable, or refuses this login. */
export class DatabaseUnavailable extends OperatorError {
  constructor(url: string, cause: Error) {
    const { host, pathname, username } = new URL(url);
    super(`The database ${pathname.slice(1)} at ${host} cannot be used as ${username}: ${reasonOf(cause)}`, { cause });
  }
}

interface ConnectOptions {
  /** How long, in ms, to wait for a server that is not up yet; not at all by default. */
  readonly startTimeout?: number;
  readonly logger: Logger;
}

/** Connects, and waits with backoff for a server that is not up yet; what it refuses is not tried again. @throws DatabaseUnavailable */
export async function connectWithRetry<T>(
  url: string,
  { startTimeout = 0, logger }: ConnectOptions,
  connect: () => Promise<T>,
): Promise<T> {
  try {
    return await retry(connect, {
      initialDelay: 250,
      maxElapsedTime: startTimeout,
      isRetryable: isConnectionFailure,
      onRetry: (error, delay) =>
        logger.warn({ reason: reasonOf(error), retryInMs: delay }, 'database unavailable; retrying'),
    });
  } catch (error) {
    throw new DatabaseUnavailable(url, error as Error);
  }
}

/** Node.js reports a name with several addresses as several failures and no message. */
const reasonOf = (error: Error): string =>
  error.message ||
  (error instanceof AggregateError ? error.errors.map(({ message }) => message).join(', ') : error.name);
