import type { GraphQLSchema } from 'graphql';
import type { Rights } from '../authorization/rights.js';
import type { ReceivedHeaders, SubgraphEndpoint, SubgraphResponse } from '../endpoint.js';
import type { SubgraphFailure } from '../errors.js';
import type { Variables } from '../operation/variables.js';
import type { Overrides } from '../overrides.js';
import type { Merger } from './merge.js';
import type { ResponseLimits } from './response-budget.js';
import type { SingleFlight } from './single-flight.js';

/** What an engine lends to all of its executions. */
export interface ExecutionResources {
  readonly merger: Merger;
  /** Undefined where no two executions share a request. */
  readonly flights: SingleFlight<SubgraphResponse> | undefined;
  endpoint(subgraph: string): SubgraphEndpoint;
  timeoutMs(subgraph: string): number;
  readonly responses: ResponseLimits;
  /** What introspection shows to a caller. */
  visibleSchema(rights: Rights): GraphQLSchema;
  /** Told once of every failed request, with its cause. */
  onSubgraphFailure?(failure: SubgraphFailure): void;
}

/** What one request brings along. */
export interface ExecutionRequest {
  readonly variables: Variables;
  headers(subgraph: string): Record<string, string> | Promise<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** What is public is so within a tenant. */
  readonly tenant?: string;
  /** Which progressive overrides are in effect. */
  readonly overrides?: Overrides;
  /** Takes the headers of subgraphs' answers, in the order of their arrival. */
  readonly received?: ReceivedHeaders[];
}
