import { Counter, Gauge, type Registry } from 'prom-client';

/** How a subgraph's traffic is doing at this moment. */
export interface TrafficState {
  readonly inFlight: number;
  readonly queued: number;
  readonly breaker: 'closed' | 'half-open' | 'open';
}

/** How many instances of a subgraph are known, and how many of them are left out for failing. */
export interface InstanceCounts {
  readonly available: number;
  readonly ejected: number;
}

const BREAKER_VALUES = { closed: 0, 'half-open': 1, open: 2 } as const;

/** Instruments of what goes to subgraphs, by subgraph. */
export class TrafficMetrics {
  /** `result` is retried, or over_budget where a retry was not sent. */
  readonly retries: Counter<'subgraph' | 'result'>;
  readonly hedges: Counter<'subgraph'>;
  /** `reason` is queue_full or breaker_open. */
  readonly refused: Counter<'subgraph' | 'reason'>;
  readonly ejections: Counter<'subgraph'>;
  private readonly traffic = new Map<string, () => TrafficState>();
  private readonly instances = new Map<string, () => InstanceCounts>();

  constructor(registry: Registry) {
    const registers = [registry];
    const counter = <L extends string>(name: string, help: string, labelNames: L[]) =>
      new Counter({ name, help, labelNames, registers });
    this.retries = counter('subgraph_retries_total', 'Retries of failed queries', ['subgraph', 'result']);
    this.hedges = counter('subgraph_hedges_total', 'Second requests for slow queries', ['subgraph']);
    this.refused = counter('subgraph_requests_refused_total', 'Requests that were not sent', ['subgraph', 'reason']);
    this.ejections = counter('subgraph_ejections_total', 'Instances left out for failing', ['subgraph']);
    const read = <S>(states: ReadonlyMap<string, () => S>, name: string, help: string, value: (state: S) => number) =>
      new Gauge({
        name,
        help,
        labelNames: ['subgraph'],
        registers,
        // Of several workers: how bad it is for any of them; numbers of requests add up.
        aggregator: name === 'subgraph_breaker_state' ? 'max' : 'sum',
        collect() {
          for (const [subgraph, state] of states) this.set({ subgraph }, value(state()));
        },
      });
    read(this.traffic, 'subgraph_requests_in_flight', 'Requests under way', ({ inFlight }) => inFlight);
    read(this.traffic, 'subgraph_requests_queued', 'Requests that wait for their turn', ({ queued }) => queued);
    read(
      this.traffic,
      'subgraph_breaker_state',
      '0 closed, 1 half-open, 2 open',
      ({ breaker }) => BREAKER_VALUES[breaker],
    );
    read(this.instances, 'subgraph_instances_available', 'Instances that get requests', ({ available }) => available);
    read(this.instances, 'subgraph_instances_ejected', 'Instances left out for failing', ({ ejected }) => ejected);
  }

  /** Has the subgraph's traffic looked at whenever the metrics are read. */
  watch(subgraph: string, read: () => TrafficState): void {
    this.traffic.set(subgraph, read);
  }

  watchInstances(subgraph: string, read: () => InstanceCounts): void {
    this.instances.set(subgraph, read);
  }
}
