import type { CodedError } from '@platform/foundation/errors';
import { retried } from '@platform/postgres/database';
import { AdministratorsChanging } from '../entities/index.js';

const CONTENTION_TIMEOUT_MS = 3_000;

/** Runs `attempt`, a transaction, again while a change of accounts that it depends on has not ended. @throws what `otherwise` makes when that takes too long. */
export async function unlessContended<T>(attempt: () => Promise<T>, otherwise: () => CodedError): Promise<T> {
  const passing = (error: unknown) => error instanceof AdministratorsChanging;
  try {
    return await retried(attempt, { baseDelay: 5, jitter: 5, patience: CONTENTION_TIMEOUT_MS, passing });
  } catch (error) {
    throw passing(error) ? otherwise() : error;
  }
}
