import { Counter, type Registry } from 'prom-client';

/** Instruments of the router's kept answers. */
export class AnswerCacheMetrics {
  /** `kind` is root or entity; `result` is hit, partial (some entities were there), miss, stale, or away where the store could not be asked. */
  readonly fetches: Counter<'subgraph' | 'kind' | 'result'>;
  /** `kind` is everything, subgraph, type, caller (who has written) or tag. */
  readonly invalidations: Counter<'kind'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.fetches = new Counter({
      name: 'router_cache_fetches_total',
      help: 'Fetches that were looked up among the kept answers',
      labelNames: ['subgraph', 'kind', 'result'],
      registers,
    });
    this.invalidations = new Counter({
      name: 'router_cache_invalidations_total',
      help: 'Tags that were put out of date',
      labelNames: ['kind'],
      registers,
    });
  }
}
