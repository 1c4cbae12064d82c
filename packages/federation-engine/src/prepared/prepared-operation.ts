import type { AuthorizationContext } from '../authorization/authorization-context.js';
import type { UnauthorizedSelection } from '../authorization/unauthorized-selections.js';
import { type IsDeferred, nothingDeferred } from '../operation/deferral.js';
import type { Variables } from '../operation/variables.js';
import type { CompiledPlan } from '../plan/compiled-plan.js';
import type { Serializer } from '../projection/serialize.js';
import type { ObjectShape } from '../projection/shapes.js';
import type { AuthorizedOperation } from './authorized-operation.js';

/** What is made once for all requests that run an operation alike: same unauthorized, overrides and outcome of conditions. */
export interface PlannedOperation {
  /** Undefined when nothing is left to ask subgraphs for. */
  readonly plan: CompiledPlan | undefined;
  readonly shape: ObjectShape;
  readonly serializer: Serializer;
  /** Which fragments are delivered apart. */
  readonly isDeferred: IsDeferred;
}

/** An operation that is ready to run, as often as one likes: authorized and planned, with the variables of one request. */
export class PreparedOperation {
  constructor(
    readonly authorized: AuthorizedOperation,
    readonly authorization: AuthorizationContext,
    readonly variables: Variables,
    readonly planned: PlannedOperation,
  ) {}

  /** How many requests to subgraphs it can lead to. */
  get fetches(): number {
    return this.planned.plan?.fetches ?? 0;
  }

  /** Some of it is delivered later. */
  get isIncremental(): boolean {
    return this.planned.isDeferred !== nothingDeferred;
  }

  /** What the caller is refused of it. */
  get unauthorized(): readonly UnauthorizedSelection[] {
    return this.authorized.activeUnauthorized(this.variables);
  }
}
