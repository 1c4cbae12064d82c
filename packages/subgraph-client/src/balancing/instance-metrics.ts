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
    this.ejections = metrics.counter('subgraph_ejections_total', 'Instances left out for failing', ['subgraph']);
    const read = (name: string, help: string, value: (counts: InstanceCounts) => number) => {
      const gauge = metrics.gauge(name, help, ['subgraph'], () => {
        for (const [subgraph, counts] of this.instances) gauge.set({ subgraph }, value(counts()));
      });
    };
    read('subgraph_instances_available', 'Instances that get requests', ({ available }) => available);
    read('subgraph_instances_ejected', 'Instances left out for failing', ({ ejected }) => ejected);
  }

  /** Has the subgraph's instances counted whenever the metrics are read. */
  watch(subgraph: string, read: () => InstanceCounts): void {
    this.instances.set(subgraph, read);
  }
}
