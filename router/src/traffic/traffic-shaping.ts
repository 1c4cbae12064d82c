import type { Logger } from '@platform/foundation/logging';
import type { Metrics } from '@platform/foundation/metrics';
import { shapingOf, type TrafficConfig } from './options.js';
import { SubgraphTraffic } from './subgraph-traffic.js';
import { TrafficMetrics } from './traffic-metrics.js';

interface TrafficDependencies {
  readonly config: TrafficConfig;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** What is remembered of all subgraphs. It outlives the supergraphs that are served. */
export class TrafficShaping {
  private readonly bySubgraph = new Map<string, SubgraphTraffic>();

  constructor(private readonly parts: TrafficDependencies) {}

  of(subgraph: string): SubgraphTraffic {
    let traffic = this.bySubgraph.get(subgraph);
    if (!traffic) {
      const { config, metrics, logger } = this.parts;
      const onBreaker = (state: string) => logger.warn({ subgraph, state }, 'circuit breaker state changed');
      traffic = new SubgraphTraffic(subgraph, shapingOf(config, subgraph), metrics.of(TrafficMetrics), onBreaker);
      this.bySubgraph.set(subgraph, traffic);
    }
    return traffic;
  }
}
