import { type Failure, failureOf } from './failures.js';
import type { CallDecorator } from './subgraph-call.js';
import type { SubgraphTraffic } from './subgraph-traffic.js';

/** What a failure is called in the metrics. */
const OUTCOMES: Readonly<Record<Failure, string>> = { faulty: 'error', answered: 'invalid', unwanted: 'cancelled' };

/** Measures every request that is sent, retries and hedges too. */
export const measureRequests =
  ({ subgraph, metrics }: SubgraphTraffic): CallDecorator =>
  (next) =>
  async (call) => {
    const started = performance.now();
    const measure = (outcome: string) =>
      metrics.requestDuration.observe({ subgraph, outcome }, (performance.now() - started) / 1000);
    try {
      const response = await next(call);
      measure('success');
      return response;
    } catch (error) {
      measure(OUTCOMES[failureOf(error, call.signal)]);
      throw error;
    }
  };
