import type { Metrics } from '../metrics/index.js';

/** Instruments of failures that nobody expected. */
export class ErrorMetrics {
  readonly unexpected;

  constructor(metrics: Metrics) {
    this.unexpected = metrics.counter('platform_unexpected_errors_total', 'Failures that nobody expected', []);
  }
}
