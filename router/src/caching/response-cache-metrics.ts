import type { Metrics } from '@platform/foundation/metrics';

/** Instruments of the router's kept answers. */
export class ResponseCacheMetrics {
  /** `kind` is root or entity; `result` is hit, partial (some entities were there), miss, stale, or away where the store could not be asked. */
  readonly fetches;
  /** `kind` is everything, subgraph, type, caller (who has written) or tag. */
  readonly invalidations;

  constructor(metrics: Metrics) {
    this.fetches = metrics.counter(
      'router_response_cache_requests_total',
      'Fetches that were looked up among the kept answers',
      ['subgraph', 'kind', 'result'],
    );
    this.invalidations = metrics.counter(
      'router_response_cache_invalidations_total',
      'Tags that were put out of date',
      ['kind'],
    );
  }
}
