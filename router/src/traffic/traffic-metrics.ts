import type { Metrics } from '@platform/foundation/metrics';
import { BREAKER_STATES, type BreakerState } from './circuit-breaker.js';

/** How a subgraph's traffic is doing at this moment. */
interface TrafficState {
  readonly inFlight: number;
  readonly queued: number;
  readonly breaker: BreakerState;
}

/** Instruments of what goes to subgraphs, by subgraph. */
export class TrafficMetrics {
  /** Of each request that was sent, retries and hedges too; `outcome` is success, error, invalid or cancelled. */
  readonly requestDuration;
  /** What the engine could not use, by the error's code. */
  readonly requestErrors;
  /** `result` is retried, or over_budget where a retry was not sent. */
  readonly retries;
  readonly hedges;
  /** `reason` is queue_full or circuit_open. */
  readonly rejected;
  private readonly traffic = new Map<string, () => TrafficState>();

  constructor(private readonly metrics: Metrics) {
    this.requestDuration = metrics.histogram('router_subgraph_request_duration_seconds', 'Requests to subgraphs', [
      'subgraph',
      'outcome',
    ]);
    this.requestErrors = metrics.counter('router_subgraph_request_errors_total', 'Failed requests to subgraphs', [
      'subgraph',
      'code',
    ]);
    this.retries = metrics.counter('router_subgraph_retries_total', 'Retries of failed queries', [
      'subgraph',
      'result',
    ]);
    this.hedges = metrics.counter('router_subgraph_hedged_requests_total', 'Second requests for slow queries', [
      'subgraph',
    ]);
    this.rejected = metrics.counter('router_subgraph_requests_rejected_total', 'Requests that were not sent', [
      'subgraph',
      'reason',
    ]);
    this.gauge('router_subgraph_requests_in_flight', 'Requests in flight', ({ inFlight }) => inFlight);
    this.gauge('router_subgraph_requests_queued', 'Requests that wait for their turn', ({ queued }) => queued);
    this.breakerStates();
  }

  /** Has the subgraph's traffic looked at whenever the metrics are read. */
  watch(subgraph: string, read: () => TrafficState): void {
    this.traffic.set(subgraph, read);
  }

  private gauge(name: string, help: string, value: (state: TrafficState) => number): void {
    const gauge = this.metrics.gauge(name, help, ['subgraph'], () => {
      for (const [subgraph, state] of this.traffic) gauge.set({ subgraph }, value(state()));
    });
  }

  /** A state set; of several workers, how many of them are in the state. */
  private breakerStates(): void {
    const gauge = this.metrics.gauge(
      'router_circuit_breaker_state',
      '1 for the state that the circuit breaker is in, 0 for the others',
      ['subgraph', 'state'],
      () => {
        for (const [subgraph, read] of this.traffic) {
          const { breaker } = read();
          for (const state of BREAKER_STATES) gauge.set({ subgraph, state }, state === breaker ? 1 : 0);
        }
      },
    );
  }
}
