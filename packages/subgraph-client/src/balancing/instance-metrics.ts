import type { Metrics } from '@platform/foundation/metrics';

/** How many instances of a subgraph are known, and how many of them are left out for failing. */
interface InstanceCounts {
  readonly available: number;
  readonly ejected: number;
}

/** Instruments of subgraphs' instances. */
export class InstanceMetrics {
  readonly ejections;
  private readonly instances = new Map<string, () => InstanceCounts>();

  constructor(metrics: Metrics) {
    this.ejections = metrics.counter('router_subgraph_instance_ejections_total', 'Instances ejected for failing', [
      'subgraph',
    ]);
    const gauge = metrics.gauge(
      'router_subgraph_instances',
      'Known instances: available ones get requests, ejected ones do not',
      ['subgraph', 'state'],
      () => {
        for (const [subgraph, counts] of this.instances) {
          for (const [state, count] of Object.entries(counts())) gauge.set({ subgraph, state }, count);
        }
      },
    );
  }

  /** Has the subgraph's instances counted whenever the metrics are read. */
  watch(subgraph: string, read: () => InstanceCounts): void {
    this.instances.set(subgraph, read);
  }
}
