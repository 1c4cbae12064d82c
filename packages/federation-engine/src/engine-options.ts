import type { SubgraphEndpoint } from './base/endpoint.js';
import type { SubgraphFailure } from './base/errors.js';
import type { CachingOptions } from './caching/cached-fetches.js';
import type { ResponseLimits } from './fetching/response-budget.js';
import type { PlanningOptions } from './planning/threaded-planner.js';
import type { Supergraph } from './schema/supergraph.js';

/** What an engine serves, with whom it speaks, and within which bounds. */
export interface EngineOptions {
  readonly supergraph: Supergraph;
  /** How to reach a subgraph of the supergraph, by name. */
  readonly endpoints: (subgraph: string) => SubgraphEndpoint;
  /** How long one fetch may take, in milliseconds. Default: 30 s for every subgraph. */
  readonly timeoutMs?: (subgraph: string) => number;
  /** What documents kept parsed and validated may weigh, in bytes. Default: 64 MB. */
  readonly documentCache?: number;
  /** What operations kept planned may weigh, in bytes. Default: 96 MB. */
  readonly planCache?: number;
  /** Longest document, in lexical tokens. Default: 15 000. */
  readonly maxTokens?: number;
  /** How deep lists and objects may be nested in a variable. Default: 64. */
  readonly maxVariableDepth?: number;
  /** Most fields an operation may select after its fragments are expanded. Default: 20 000. */
  readonly maxFields?: number;
  /** Whether clients may ask for `__schema` and `__type`. Default: true. */
  readonly introspection?: boolean;
  /** Whether mistakes are answered with the names that may have been meant. Default: true. */
  readonly suggestions?: boolean;
  /** Whether introspection shows a caller only what the authorization directives let them use. Default: false. */
  readonly filterIntrospection?: boolean;
  /** What is done once for all who ask it at the same time, with the same forwarded headers; never mutations. Default: both. */
  readonly deduplication?: {
    /** Identical requests to subgraphs. */
    readonly subgraphs?: boolean;
    /** Identical queries of clients. */
    readonly operations?: boolean;
  };
  /** Which answers of subgraphs are kept, and where. Default: none. */
  readonly caching?: CachingOptions;
  /** How much subgraphs may answer. */
  readonly responses?: ResponseLimits;
  /** Where plans are made, and how long one may take. Default: on the thread that answers requests. */
  readonly planning?: PlanningOptions;
  /** Told of every failed fetch, with its cause: for logs and metrics. */
  readonly onSubgraphFailure?: (failure: SubgraphFailure) => void;
}
