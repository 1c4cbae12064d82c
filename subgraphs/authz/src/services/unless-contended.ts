import type { CodedError } from '@platform/foundation/errors';
import { retry } from '@platform/foundation/retry';
import { AdministratorsChanging } from '../entities/index.js';

const CONTENTION_TIMEOUT_MS = 3_000;

/** Runs `attempt`, a transaction, again while a change of accounts that it depends on has not ended. @throws what `otherwise` makes when that takes too long. */
export async function unlessContended<T>(attempt: () => Promise<T>, otherwise: () => CodedError): Promise<T> {
  const isRetryable = (error: unknown) => error instanceof AdministratorsChanging;
  try {
    return await retry(attempt, { initialDelay: 5, jitter: 5, maxElapsedTime: CONTENTION_TIMEOUT_MS, isRetryable });
  } catch (error) {
    throw isRetryable(error) ? otherwise() : error;
  }
}
