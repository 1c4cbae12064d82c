import type { ReceivedHeaders, SubgraphEndpoint, SubgraphResponse } from '../base/endpoint.js';
import type { SubgraphFailure } from '../base/errors.js';
import type { Variables } from '../operation/variables.js';
import type { RequestDeduplicator } from './request-deduplicator.js';
import type { ResponseLimits } from './response-budget.js';

/** What an engine lends to all that call subgraphs. */
export interface FetchResources {
  /** Undefined where no two executions share a request. */
  readonly flights: RequestDeduplicator<SubgraphResponse> | undefined;
  endpoint(subgraph: string): SubgraphEndpoint;
  timeoutMs(subgraph: string): number;
  readonly responses: ResponseLimits;
  /** Told once of every failed request, with its cause. */
  onSubgraphFailure?(failure: SubgraphFailure): void;
}

/** What one request brings along for the calls that are made for it. */
export interface FetchRequest {
  readonly variables: Variables;
  headers(subgraph: string): Record<string, string> | Promise<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** What is public is so within a tenant. */
  readonly tenant?: string;
  /** Takes the headers of subgraphs' answers, in the order of their arrival. */
  readonly received?: ReceivedHeaders[];
  /** Hears that a subgraph has answered from what an earlier request with the same idempotency key had done. */
  readonly onReplayed?: () => void;
}
