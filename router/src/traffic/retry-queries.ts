import { setTimeout as wait } from 'node:timers/promises';
import { SubgraphUnavailable } from '@platform/federation-engine';
import { failureOf } from './failures.js';
import type { CallDecorator, SubgraphCall } from './subgraph-call.js';
import type { SubgraphTraffic } from './subgraph-traffic.js';

/** Sends a query again that failed, as long as the budget allows it; never a mutation. */
export const retryQueries =
  (traffic: SubgraphTraffic): CallDecorator =>
  (next) =>
  async (call) => {
    traffic.budget.deposit();
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await next(call);
      } catch (error) {
        if (!mayRetry(traffic, call, attempt, error)) throw error;
        await wait(pauseBefore(traffic, attempt), undefined, { signal: call.signal });
      }
    }
  };

function mayRetry(traffic: SubgraphTraffic, { repeatable, signal }: SubgraphCall, attempt: number, error: unknown) {
  if (!repeatable || signal?.aborted || attempt >= traffic.shaping.retry.attempts) return false;
  if (error instanceof SubgraphUnavailable || failureOf(error, signal) !== 'faulty') return false;
  const may = traffic.budget.withdraw();
  traffic.metrics.retries.inc({ subgraph: traffic.subgraph, result: may ? 'retried' : 'over_budget' });
  return may;
}

/** Doubling, and anywhere between nothing and that, so that routers do not come back all at once. */
const pauseBefore = ({ shaping }: SubgraphTraffic, attempt: number): number =>
  shaping.retry.backoff * 2 ** attempt * Math.random();
