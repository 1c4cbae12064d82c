import type { Metrics } from '@platform/foundation/metrics';

/** Instruments of what is refreshed again and again, and used as it was for as long as that fails. */
export class RefreshMetrics {
  /** `source` is signing_keys or session_changes. */
  readonly failures;

  constructor(metrics: Metrics) {
    this.failures = metrics.counter('router_refresh_failures_total', 'Refreshes that failed', ['source']);
  }
}
