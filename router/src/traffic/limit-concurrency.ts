import type { CallDecorator } from './subgraph-call.js';
import type { SubgraphTraffic } from './subgraph-traffic.js';

/** Sends at most so many requests at a time; others wait for their turn. @throws SubgraphUnavailable when too many wait. */
export const limitConcurrency =
  (traffic: SubgraphTraffic): CallDecorator =>
  (next) =>
  async (call) => {
    await traffic.limiter.enter(call.signal, () => traffic.reject('queue_full', 'Too many requests wait for it'));
    try {
      return await next(call);
    } finally {
      traffic.limiter.leave();
    }
  };
