import { hedgeRequest } from './hedge-request.js';
import type { CallDecorator } from './subgraph-call.js';
import type { SubgraphTraffic } from './subgraph-traffic.js';

/** Sends a query once more that is slow, as long as the budget of retries allows it; the first answer stands. */
export const hedgeSlowQueries =
  ({ subgraph, shaping: { hedgeDelay }, budget, metrics }: SubgraphTraffic): CallDecorator =>
  (next) => {
    if (hedgeDelay === null) return next;
    const mayHedge = (): boolean => {
      const may = budget.withdraw();
      if (may) metrics.hedges.inc({ subgraph });
      return may;
    };
    return (call) =>
      call.repeatable
        ? hedgeRequest((signal) => next({ ...call, signal }), hedgeDelay, mayHedge, call.signal)
        : next(call);
  };
