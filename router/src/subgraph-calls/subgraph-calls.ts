import type { Logger } from '@platform/foundation/logging';
import type { Metrics } from '@platform/foundation/metrics';
import type { SubgraphEndpoint } from '@platform/subgraph-client/endpoints';
import { fetchTraces } from '../apollo/index.js';
import type { CommonRouterConfig } from '../config.js';
import {
  breakCircuit,
  type CallDecorator,
  decorate,
  hedgeSlowQueries,
  limitConcurrency,
  measureRequests,
  retryQueries,
  sendTimeLeft,
  TrafficShaping,
} from '../traffic/index.js';
import { callSpans, withTracedStreams } from './call-spans.js';
import { invalidResponses } from './invalid-responses.js';

type Endpoints = (subgraph: string) => SubgraphEndpoint;

interface SubgraphCallsDependencies {
  readonly config: {
    readonly router: Pick<CommonRouterConfig, 'traffic'>;
    readonly apollo: { readonly key: string | null };
  };
  readonly timeoutMs: (subgraph: string) => number;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** What lies between the engine and the endpoints of subgraphs. What is known of one subgraph outlives the supergraphs that are served. */
export class SubgraphCalls {
  private readonly traffic: TrafficShaping;

  constructor(private readonly parts: SubgraphCallsDependencies) {
    this.traffic = new TrafficShaping({ ...parts, config: parts.config.router.traffic });
  }

  /** The same endpoints with the whole stack around each. */
  around(endpoints: Endpoints): Endpoints {
    return (subgraph) =>
      decorate(withTracedStreams(endpoints(subgraph)), this.stack(subgraph), this.parts.timeoutMs(subgraph));
  }

  /**
   * What is done around a call, outermost first, on the platform and alone. Above it the engine answers from its cache and joins calls that
   * are alike (`router.cache`, `router.deduplication`). Below it the endpoint chooses an instance, signs the request and sends it.
   */
  private stack(subgraph: string): CallDecorator[] {
    const traffic = this.traffic.of(subgraph);
    const isReported = this.parts.config.apollo.key !== null;
    return [
      invalidResponses(subgraph), // what is no answer of GraphQL is SUBGRAPH_INVALID_RESPONSE
      callSpans(subgraph), // `fetch blog`, which the subgraph's own spans are below
      ...(isReported ? [fetchTraces(subgraph)] : []), // Apollo's federated tracing, ftv1
      limitConcurrency(traffic), // so many at a time, others in a queue with fair shares
      retryQueries(traffic), // queries that failed, within a budget
      hedgeSlowQueries(traffic), // a second request for a query that is slow, within the same budget
      breakCircuit(traffic), // nothing for a subgraph that keeps failing
      measureRequests(traffic), // duration and outcome of every request that is sent
      sendTimeLeft, // x-timeout-ms: how long the answer is waited for
    ];
  }
}
