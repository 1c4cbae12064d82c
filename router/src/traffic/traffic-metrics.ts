import type { Metrics } from '@platform/foundation/metrics';

/** How a subgraph's traffic is doing at this moment. */
interface TrafficState {
  readonly inFlight: number;
  readonly queued: number;
  readonly breaker: 'closed' | 'half-open' | 'open';
}

const BREAKER_VALUES = { closed: 0, 'half-open': 1, open: 2 } as const;

/** Instruments of what goes to subgraphs, by subgraph. */
export class TrafficMetrics {
  /** `result` is retried, or over_budget where a retry was not sent. */
  readonly retries;
  readonly hedges;
  /** `reason` is queue_full or breaker_open. */
  readonly refused;
  private readonly traffic = new Map<string, () => TrafficState>();

  constructor(metrics: Metrics) {
    this.retries = metrics.counter('subgraph_retries_total', 'Retries of failed queries', ['subgraph', 'result']);
    this.hedges = metrics.counter('subgraph_hedges_total', 'Second requests for slow queries', ['subgraph']);
    this.refused = metrics.counter('subgraph_requests_refused_total', 'Requests that were not sent', [
      'subgraph',
      'reason',
    ]);
    const read = (
      name: string,
      help: string,
      value: (state: TrafficState) => number,
      aggregator: 'sum' | 'max' = 'sum',
    ) => {
      const gauge = metrics.gauge(
        name,
        help,
        ['subgraph'],
        () => {
          for (const [subgraph, state] of this.traffic) gauge.set({ subgraph }, value(state()));
        },
        aggregator,
      );
    };
    read('subgraph_requests_in_flight', 'Requests under way', ({ inFlight }) => inFlight);
    read('subgraph_requests_queued', 'Requests that wait for their turn', ({ queued }) => queued);
    // Of several workers: how bad it is for any of them; numbers of requests add up.
    read('subgraph_breaker_state', '0 closed, 1 half-open, 2 open', ({ breaker }) => BREAKER_VALUES[breaker], 'max');
  }

  /** Has the subgraph's traffic looked at whenever the metrics are read. */
  watch(subgraph: string, read: () => TrafficState): void {
    this.traffic.set(subgraph, read);
  }
}
