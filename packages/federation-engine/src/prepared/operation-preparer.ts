import type { AuthorizationContext } from '../authorization/authorization-context.js';
import { type WeightedValue, weightOfVariant } from '../base/derived-cache.js';
import { PlanningFailed } from '../base/errors.js';
import { type IsDeferred, nothingDeferred } from '../operation/deferral.js';
import type { Variables } from '../operation/variables.js';
import type { CompiledPlan } from '../plan/compiled-plan.js';
import { planOperation } from '../plan/plan-operation.js';
import type { Planner } from '../planning/planner.js';
import { Serializer } from '../projection/serialize.js';
import { noOverrides, type Overrides } from '../schema/overrides.js';
import type { AuthorizedOperation } from './authorized-operation.js';
import { normalizeOperation, type PlannedDelivery } from './normalized-operation.js';
import type { Operation } from './operation.js';
import { type PlannedOperation, PreparedOperation } from './prepared-operation.js';

export interface PrepareOptions {
  /** Which progressive overrides are in effect: see `overridesFor`. Default: none. */
  readonly overrides?: Overrides;
  /** Whether the client reads an answer in parts: what `@defer` puts off then comes later. Default: false. */
  readonly incremental?: boolean;
}

/** What a plan is made for. */
interface Planning {
  readonly authorized: AuthorizedOperation;
  /** Undefined where the plan itself decides about conditions. */
  readonly variables: Variables | undefined;
  readonly overrides: Overrides;
  readonly isDeferred: IsDeferred;
}

/** A plan that decides about conditions while it runs, where the planner can make one. */
interface GenericPlan {
  readonly plan: CompiledPlan | undefined;
  readonly possible: boolean;
}

/** Prepares operations; what is the same for several requests is made once, and kept for as long as there is room. */
export class OperationPreparer {
  constructor(private readonly planner: Planner) {}

  /** Rejects with PlanningFailed, PlanningTimeout, PlannerOverloaded or UnsupportedPlan. */
  async prepare(
    operation: Operation,
    authorization: AuthorizationContext,
    variables: Variables,
    { overrides = noOverrides, incremental = false }: PrepareOptions,
  ): Promise<PreparedOperation> {
    const { derived, supergraph } = operation;
    const authorized = operation.authorizeFor(authorization);
    const isDeferred = (incremental ? authorized.deferred(variables) : undefined) ?? nothingDeferred;
    let overridden = '';
    for (const label of supergraph.overrideLabels) overridden += overrides(label) ? '1' : '0';
    const key = `planned ${authorized.owner} ${overridden} ${authorized.outcomeOf(variables, isDeferred)}`;
    const planned =
      derived.get<PlannedOperation>(key) ??
      (await derived.rememberLater(key, () =>
        this.planned({ authorized, variables, overrides, isDeferred }, variables, overridden),
      ));
    return new PreparedOperation(authorized, authorization, variables, planned);
  }

  private async planned(
    planning: Planning,
    variables: Variables,
    overridden: string,
  ): Promise<WeightedValue<PlannedOperation>> {
    const { authorized, isDeferred } = planning;
    const plan = authorized.decidesConditions
      ? await this.plan(planning)
      : await this.genericPlan(planning, overridden);
    const shape = authorized.shape(variables, isDeferred);
    const value = { plan, shape, serializer: new Serializer(shape), isDeferred };
    return { value, weight: weightOfVariant(authorized.operation.size, plan?.characters ?? 0) };
  }

  /** One plan for all outcomes of the conditions, or where there is none, one for this outcome. */
  private async genericPlan(planning: Planning, overridden: string): Promise<CompiledPlan | undefined> {
    const { owner, operation } = planning.authorized;
    const { plan, possible } = await operation.derived.rememberLater(`generic ${owner} ${overridden}`, async () => {
      const value = await this.makeGenericPlan({ ...planning, variables: undefined });
      return { value, weight: weightOfVariant(operation.size, value.plan?.characters ?? 0) };
    });
    return possible ? plan : this.plan(planning);
  }

  /** Fragments with conditions are beyond the planner where it cannot merge them with what is around. */
  private async makeGenericPlan(planning: Planning): Promise<GenericPlan> {
    try {
      return { plan: await this.plan(planning), possible: true };
    } catch (error) {
      if (error instanceof PlanningFailed) return { plan: undefined, possible: false };
      throw error;
    }
  }

  /** The planner cannot put off everything that stands on abstract types. At the worst it is fetched with the rest. */
  private async plan(planning: Planning): Promise<CompiledPlan | undefined> {
    const { isDeferred } = planning;
    if (isDeferred === nothingDeferred) return this.delivered(planning, { isDeferred, byType: false });
    return (
      (await unlessUnplannable(this.delivered(planning, { isDeferred, byType: true }))) ??
      (await unlessUnplannable(this.delivered(planning, { isDeferred, byType: false }))) ??
      (await this.delivered(planning, { isDeferred: nothingDeferred, byType: false }))
    );
  }

  private async delivered(
    { authorized, variables, overrides }: Planning,
    delivery: PlannedDelivery,
  ): Promise<CompiledPlan | undefined> {
    const { supergraph, node, selections, keys } = authorized.operation;
    const { unauthorized } = authorized;
    const document = normalizeOperation(node, selections, unauthorized, variables, supergraph, delivery, keys);
    return document && planOperation(this.planner, { supergraph, document, overrides, keys });
  }
}

async function unlessUnplannable<T>(plan: Promise<T>): Promise<T | undefined> {
  try {
    return await plan;
  } catch (error) {
    if (error instanceof PlanningFailed) return undefined;
    throw error;
  }
}
