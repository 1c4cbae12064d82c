export { type AuthorizationContext, unauthenticated, unrestricted } from './authorization/authorization-context.js';
export type {
  ReceivedHeaders,
  SubgraphEndpoint,
  SubgraphErrorEntry,
  SubgraphRequest,
  SubgraphResponse,
} from './base/endpoint.js';
export {
  CompositionFailed,
  EngineError,
  InvalidVariables,
  OperationAborted,
  OperationResolutionFailure,
  ParseFailed,
  PlannerOverloaded,
  PlanningFailed,
  PlanningTimeout,
  RequestRefused,
  SubgraphFailure,
  SubgraphInvalidResponse,
  SubgraphTimeout,
  SubgraphUnavailable,
  TooManyTokens,
  UnsupportedPlan,
  ValidationFailed,
} from './base/errors.js';
export type { CachePartition } from './caching/cache-partition.js';
export type { CachingOptions } from './caching/cached-fetches.js';
export type { SubgraphCaching } from './caching/fetch-policy.js';
export { MemoryResponseCacheStore } from './caching/memory-response-cache-store.js';
export { type CacheObserver, ResponseCache } from './caching/response-cache.js';
export type { ResponseCacheStore, StoredText } from './caching/response-cache-store.js';
export { type TagFormat, tagFormat } from './caching/tag-format.js';
export { Engine, type ExecuteInput } from './engine.js';
export type { EngineOptions } from './engine-options.js';
export type { IncrementalStream } from './execution/incremental-delivery.js';
export type { ExecutionResult, IncrementalEntry, IncrementalResult } from './execution/response-builder.js';
export type { Freshness } from './fetching/freshness.js';
export type { Condition, SelectedField, Selection } from './operation/selection-tree.js';
export type { Variables } from './operation/variables.js';
export type { AuthorizedOperation } from './prepared/authorized-operation.js';
export type { Operation } from './prepared/operation.js';
export type { PrepareOptions } from './prepared/operation-preparer.js';
export type { PreparedOperation } from './prepared/prepared-operation.js';
export { type OverrideRollout, type Overrides, overridesFor } from './schema/overrides.js';
export { loadSupergraph, type Supergraph } from './schema/supergraph.js';
