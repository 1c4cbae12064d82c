import type { ErrorSink } from './error-bus.js';
import type { SentryRelease } from './sentry-client.js';

/** Reports to Sentry, or whatever speaks its protocol. Its client is loaded by processes that report, and by no others. */
export function sentrySink(dsn: string, release: SentryRelease): ErrorSink {
  const loading = import('./sentry-client.js').then(({ sentryClient }) => sentryClient(dsn, release));
  return async (report) => (await loading)(report);
}
