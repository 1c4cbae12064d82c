import { SubgraphUnavailable } from '@platform/federation-engine';
import { CircuitBreaker } from './circuit-breaker.js';
import { ConcurrencyLimiter } from './concurrency-limiter.js';
import type { TrafficShapingConfig } from './options.js';
import { RetryBudget } from './retry-budget.js';
import type { TrafficMetrics } from './traffic-metrics.js';

/** What is remembered of one subgraph from call to call. */
export class SubgraphTraffic {
  readonly limiter: ConcurrencyLimiter;
  readonly budget: RetryBudget;
  readonly breaker: CircuitBreaker;

  constructor(
    readonly subgraph: string,
    readonly shaping: TrafficShapingConfig,
    readonly metrics: TrafficMetrics,
    onBreaker: (state: CircuitBreaker['state']) => void,
  ) {
    this.limiter = new ConcurrencyLimiter(shaping.concurrency.limit, shaping.concurrency.queue);
    this.budget = new RetryBudget(shaping.retry.budgetRatio);
    this.breaker = new CircuitBreaker(shaping.breaker, onBreaker);
    metrics.watch(subgraph, () => ({
      inFlight: this.limiter.inFlight,
      queued: this.limiter.queued,
      breaker: this.breaker.state,
    }));
  }

  /** Counts a call that is not sent, and makes its failure. */
  reject(reason: 'queue_full' | 'circuit_open', message: string): SubgraphUnavailable {
    this.metrics.rejected.inc({ subgraph: this.subgraph, reason });
    return new SubgraphUnavailable(this.subgraph, new Error(message));
  }
}
