import type { Logger } from '@platform/foundation/logging';
import type { Metrics } from '@platform/foundation/metrics';
import type { SubgraphEndpoint } from '@platform/subgraph-client/endpoints';
import { shapingOf, type TrafficConfig } from './options.js';
import { SubgraphTraffic } from './subgraph-traffic.js';
import { TrafficMetrics } from './traffic-metrics.js';

type Endpoints = (subgraph: string) => SubgraphEndpoint;

interface TrafficDependencies {
  readonly config: TrafficConfig;
  readonly timeoutMs: (subgraph: string) => number;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** Shapes what goes to subgraphs. What it knows of one outlives the supergraphs that are served. */
export class TrafficShaping {
  private readonly shaped = new Map<string, SubgraphTraffic>();

  constructor(private readonly parts: TrafficDependencies) {}

  /** The same endpoints, with a bound, retries and a breaker in front of each. */
  around(endpoints: Endpoints): Endpoints {
    return (subgraph) => {
      const traffic = this.of(subgraph);
      const endpoint = endpoints(subgraph);
      return {
        execute: (request, headers, signal) => traffic.execute(endpoint, request, headers, signal),
        subscribe: endpoint.subscribe?.bind(endpoint),
      };
    };
  }

  private of(subgraph: string): SubgraphTraffic {
    let traffic = this.shaped.get(subgraph);
    if (!traffic) {
      traffic = this.begin(subgraph);
      this.shaped.set(subgraph, traffic);
    }
    return traffic;
  }

  private begin(subgraph: string): SubgraphTraffic {
    const { config, timeoutMs, metrics, logger } = this.parts;
    const onBreaker = (state: string) => logger.warn({ subgraph, state }, 'circuit breaker state changed');
    return new SubgraphTraffic(
      subgraph,
      shapingOf(config, subgraph),
      timeoutMs(subgraph),
      metrics.of(TrafficMetrics),
      onBreaker,
    );
  }
}
