import type { EventsConfig } from '@platform/foundation/config';
import type { RetryPolicy } from '@platform/foundation/retry';

const MAX_DELAY_MS = 2_000;

/**
 * How everything about events is tried again. A handler gives an event up after `maxAttempts`; relays and consumers go on until they
 * succeed, since what keeps them back lies in no event.
 */
export const eventRetryPolicy = ({
  retryBackoff,
  maxAttempts,
}: Pick<EventsConfig, 'retryBackoff' | 'maxAttempts'>): RetryPolicy => ({
  initialDelay: retryBackoff,
  maxDelay: MAX_DELAY_MS,
  maxAttempts,
});
