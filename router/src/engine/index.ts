export { everyRight, noRights, type Rights } from './authorization/rights.js';
export type {
  ReceivedHeaders,
  SubgraphEndpoint,
  SubgraphErrorEntry,
  SubgraphRequest,
  SubgraphResponse,
} from './endpoint.js';
export { Engine, type EngineOptions, type ExecuteInput } from './engine.js';
export {
  CompositionFailed,
  EngineError,
  InvalidVariables,
  OperationAborted,
  OperationResolutionFailure,
  ParseFailed,
  PlanningBusy,
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
} from './errors.js';
export type { Authorized as AuthorizedOperation } from './execution/answer.js';
export type { IncrementalStream } from './execution/answer-in-parts.js';
export type { ExecutionResult, IncrementalEntry, IncrementalResult } from './execution/answer-text.js';
export type { Operation } from './operation/operation.js';
export type { SelectedField, Selection } from './operation/selection-tree.js';
export type { Variables } from './operation/variables.js';
export { type OverrideShares, type Overrides, overridesFor } from './overrides.js';
export { loadSupergraph, type Supergraph } from './supergraph.js';
