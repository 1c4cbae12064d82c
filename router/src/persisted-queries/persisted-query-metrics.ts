import type { Metrics } from '@platform/foundation/metrics';

/** Instruments of persisted queries. */
export class PersistedQueryMetrics {
  /** `source` is listed, automatic, body (a query that registers itself) or unknown. */
  readonly queries;
  readonly rejections;

  constructor(metrics: Metrics) {
    this.queries = metrics.counter('router_persisted_queries_total', 'Operations asked for by an id', ['source']);
    this.rejections = metrics.counter(
      'router_persisted_query_rejections_total',
      'Operations that are not in the manifests',
      ['code', 'enforced'],
    );
  }
}
