import type { GraphQLSchema } from 'graphql';
import type { Rights } from '../authorization/rights.js';
import type { CacheAudience } from '../caching/cache-audience.js';
import type { ReceivedHeaders, SubgraphEndpoint, SubgraphResponse } from '../endpoint.js';
import type { SubgraphFailure } from '../errors.js';
import type { Variables } from '../operation/variables.js';
import type { Overrides } from '../overrides.js';
import type { Fetches, PlainFetches } from './fetches.js';
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
  /** Answers of subgraphs that are kept; undefined where none are. */
  readonly cache: FetchCache | undefined;
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
  /** With whom kept answers may be shared; without it none are used. */
  readonly audience?: CacheAudience;
  /** Which progressive overrides are in effect. */
  readonly overrides?: Overrides;
  /** Takes the headers of subgraphs' answers, in the order of their arrival. */
  readonly received?: ReceivedHeaders[];
  /** Hears that a subgraph has answered from what an earlier request with the same idempotency key had done. */
  readonly onReplayed?: () => void;
}

/** Answers of subgraphs that are kept from one execution to another. */
export interface FetchCache {
  /** What the execution of a request fetches with: what is kept, and the given fetches for the rest. */
  around(fetches: PlainFetches, request: ExecutionRequest, audience: CacheAudience): Fetches;
  /** Whoever has written reads what they wrote. Never rejects: what a store cannot do now it does before it is read again. */
  forget(audience: CacheAudience): Promise<void>;
}
