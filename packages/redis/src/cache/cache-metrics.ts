import type { Metrics } from '@platform/foundation/metrics';

/** Instruments of caches. */
export class CacheMetrics {
  /** `result` is hit or miss. */
  readonly cacheRequests;

  constructor(metrics: Metrics) {
    this.cacheRequests = metrics.counter('platform_cache_requests_total', 'Reads of the cache', ['result']);
  }
}
