import type { Metrics } from '@platform/foundation/metrics';

/** Instruments of rate limits. */
export class RateLimitMetrics {
  /** `limit` is one of the configured limits' names. */
  readonly rejections;
  private fallbackActive: () => boolean = () => false;

  constructor(metrics: Metrics) {
    this.rejections = metrics.counter('router_rate_limit_rejections_total', 'Operations over a rate limit', ['limit']);
    const gauge = metrics.gauge(
      'router_rate_limit_fallback_active',
      '1 while each process counts for itself, since Redis is unavailable',
      [],
      () => {
        gauge.set(this.fallbackActive() ? 1 : 0);
      },
      'max',
    );
  }

  /** Has it looked up, whenever the metrics are read, whether this process counts for itself. */
  watchFallback(active: () => boolean): void {
    this.fallbackActive = active;
  }
}
