import { failureOf } from './failures.js';
import type { CallDecorator } from './subgraph-call.js';
import type { SubgraphTraffic } from './subgraph-traffic.js';

/** Sends nothing to a subgraph that keeps failing. @throws SubgraphUnavailable instead. */
export const breakCircuit =
  (traffic: SubgraphTraffic): CallDecorator =>
  (next) => {
    const { breaker, shaping } = traffic;
    if (!shaping.breaker.enabled) return next;
    return async (call) => {
      const ticket = breaker.admit();
      if (ticket === undefined) throw traffic.reject('circuit_open', 'It has failed too often');
      try {
        const response = await next(call);
        breaker.succeeded(ticket);
        return response;
      } catch (error) {
        const failure = failureOf(error, call.signal);
        if (failure === 'faulty') breaker.failed(ticket);
        else if (failure === 'answered') breaker.succeeded(ticket);
        else breaker.withdrawn(ticket);
        throw error;
      }
    };
  };
