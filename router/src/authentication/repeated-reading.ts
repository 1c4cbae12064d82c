import type { Logger } from '@platform/foundation/logging';
import type { Metrics } from '@platform/foundation/metrics';
import { RefreshMetrics } from './refresh-metrics.js';

/** What is read again and again, and used as it was for as long as that fails. */
export type Reading = 'signing_keys' | 'session_changes';

/** Told how each reading ended. */
export interface ReadingObserver {
  failed(error: unknown): void;
  succeeded(): void;
}

export const unobserved: ReadingObserver = { failed: () => {}, succeeded: () => {} };

/** Counts every failure, and logs when readings begin to fail, with the cause, and when they succeed again. */
export function observeReading(
  reading: Reading,
  { logger, metrics }: { readonly logger: Logger; readonly metrics: Metrics },
  fields: Readonly<Record<string, string>> = {},
): ReadingObserver {
  let failing = false;
  return {
    failed: (error) => {
      metrics.of(RefreshMetrics).failures.inc({ source: reading });
      if (!failing) logger.warn({ reading, ...fields, err: error }, 'refresh failed; using last known value');
      failing = true;
    },
    succeeded: () => {
      if (failing) logger.info({ reading, ...fields }, 'refresh recovered');
      failing = false;
    },
  };
}
