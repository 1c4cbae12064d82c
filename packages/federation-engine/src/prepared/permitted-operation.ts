import { type GraphQLObjectType, type OperationDefinitionNode, OperationTypeNode } from 'graphql';
import type { Refusal, Refusals } from '../authorization/refusals.js';
import { type DerivedCache, weightOfVariant } from '../base/derived-cache.js';
import { PlanningFailed } from '../base/errors.js';
import { type Deferral, type IsDeferred, nothingDeferred } from '../operation/deferral.js';
import type { IntrospectionContext } from '../operation/introspection.js';
import type { Selection } from '../operation/selection-tree.js';
import type { TypedKeys } from '../operation/typed-keys.js';
import { conditionsHold, deferredBy, type Variables } from '../operation/variables.js';
import type { CompiledPlan } from '../plan/compiled-plan.js';
import { planOperation } from '../plan/plan-operation.js';
import { ShapeCompiler } from '../projection/compile-shape.js';
import { Serializer } from '../projection/serialize.js';
import type { ObjectShape } from '../projection/shapes.js';
import { noOverrides, type Overrides } from '../schema/overrides.js';
import type { Supergraph } from '../schema/supergraph.js';
import { type PlannedDelivery, planningDocument } from './planning-document.js';

/** What an operation is before anyone's rights are known. */
export interface OperationParts {
  readonly supergraph: Supergraph;
  readonly node: OperationDefinitionNode;
  readonly type: OperationTypeNode;
  readonly rootType: GraphQLObjectType;
  readonly selections: readonly Selection[];
  /** Undefined when it asks nothing of the schema itself, at any depth. */
  readonly introspection: IntrospectionContext | undefined;
  /** Every fragment with `@defer`. */
  readonly deferrals: readonly Deferral[];
  /** Selections, fragments expanded. */
  readonly size: number;
  /** Keeps plans and shapes, for as long as there is room. */
  readonly derived: DerivedCache;
  readonly keys: TypedKeys;
}

/** Up to so many variables in conditions, each outcome has a plan of its own; above, one plan decides while it runs. */
const mostDecidedConditions = 5;

/** An operation for one set of refusals, one set of overrides and one outcome of its conditions. */
export interface OperationVariant {
  /** Undefined when nothing is left to ask subgraphs for. */
  readonly plan: CompiledPlan | undefined;
  readonly shape: ObjectShape;
  readonly serializer: Serializer;
  /** Which fragments are delivered apart. */
  readonly isDeferred: IsDeferred;
}

/** By their outcome of conditions and overrides: what one request has planned is its own, whatever the cache forgets. */
export type HeldVariants = Map<string, OperationVariant>;

interface UndecidedPlan {
  readonly plan: CompiledPlan | undefined;
  readonly possible: boolean;
}

/** An operation as one set of refusals leaves it; plans and shapes are computed when first needed. */
export class PermittedOperation {
  private readonly conditionVariables: readonly string[];
  /** Those, and the variables that `@defer` asks. */
  private readonly deliveryVariables: readonly string[];
  private readonly owner: string;

  constructor(
    readonly operation: OperationParts,
    readonly refusals: Refusals,
    /** Equal for equal refusals of one operation. */
    readonly key: string,
  ) {
    this.owner = operation.derived.newOwner();
    this.conditionVariables = [...variablesInConditions(operation.selections)];
    const ofDeferrals = operation.deferrals.flatMap(({ variable }) => variable ?? []);
    this.deliveryVariables = [...new Set([...this.conditionVariables, ...ofDeferrals])];
  }

  /** The operation as one answer. Throws PlanningFailed, or UnsupportedPlan. */
  variant(variables: Variables, overrides: Overrides = noOverrides, held?: HeldVariants): OperationVariant {
    return this.known(this.conditionVariables, '', variables, overrides, nothingDeferred, held);
  }

  /**
   * The operation delivered in parts. Undefined for subscriptions, when the variables defer nothing, and when there are more conditions than
   * plans are made for: `@defer` is then passed over. Throws as `variant`.
   */
  variantInParts(
    variables: Variables,
    overrides: Overrides = noOverrides,
    held?: HeldVariants,
  ): OperationVariant | undefined {
    const isDeferred = deferredBy(variables);
    if (this.operation.type === OperationTypeNode.SUBSCRIPTION) return undefined;
    if (!this.operation.deferrals.some(isDeferred)) return undefined;
    if (this.deliveryVariables.length > mostDecidedConditions) return undefined;
    return this.known(this.deliveryVariables, 'in parts ', variables, overrides, isDeferred, held);
  }

  /** The shape of everything that is delivered, sooner or later. */
  wholeShape(variables: Variables): ObjectShape {
    return this.shapeFor(variables, nothingDeferred);
  }

  /** Refusals of selections that the variables do not skip. */
  activeRefusals(variables: Variables): Refusal[] {
    return [...this.refusals.values()].filter(({ conditions }) => conditionsHold(conditions, variables));
  }

  private known(
    names: readonly string[],
    delivery: string,
    variables: Variables,
    overrides: Overrides,
    isDeferred: IsDeferred,
    held: HeldVariants | undefined,
  ): OperationVariant {
    const overridden = this.overriddenBy(overrides);
    let key = delivery + overridden;
    for (const name of names) key += variables[name] ? '1' : '0';
    const own = held?.get(key);
    if (own) return own;
    const { derived, size } = this.operation;
    const variant = derived.remember(`variant ${this.owner} ${key}`, () => {
      const shape = this.shapeFor(variables, isDeferred);
      const plan = this.planFor(variables, overrides, overridden, isDeferred);
      const value: OperationVariant = { plan, shape, serializer: new Serializer(shape), isDeferred };
      return { value, weight: weightOfVariant(size, plan?.characters ?? 0) };
    });
    held?.set(key, variant);
    return variant;
  }

  private shapeFor(variables: Variables, isDeferred: IsDeferred): ObjectShape {
    const { supergraph, rootType, selections, introspection } = this.operation;
    const { refusals } = this;
    const compiler = new ShapeCompiler(supergraph, { refusals, variables, isDeferred, introspection });
    return compiler.root(rootType, selections);
  }

  private planFor(
    variables: Variables,
    overrides: Overrides,
    overridden: string,
    isDeferred: IsDeferred,
  ): CompiledPlan | undefined {
    if (this.conditionVariables.length <= mostDecidedConditions) {
      return this.makePlan(variables, overrides, isDeferred);
    }
    const { derived, size } = this.operation;
    const known = derived.remember(`undecided ${this.owner} ${overridden}`, () => {
      const value = this.makeUndecidedPlan(overrides);
      return { value, weight: weightOfVariant(size, value.plan?.characters ?? 0) };
    });
    return known.possible ? known.plan : this.makePlan(variables, overrides, isDeferred);
  }

  /** Fragments with conditions are beyond the planner where it cannot merge them with what is around. */
  private makeUndecidedPlan(overrides: Overrides): UndecidedPlan {
    try {
      return { plan: this.makePlan(undefined, overrides, nothingDeferred), possible: true };
    } catch (error) {
      if (error instanceof PlanningFailed) return { plan: undefined, possible: false };
      throw error;
    }
  }

  private overriddenBy(overrides: Overrides): string {
    let outcome = '';
    for (const label of this.operation.supergraph.overrideLabels) outcome += overrides(label) ? '1' : '0';
    return outcome;
  }

  private makePlan(
    variables: Variables | undefined,
    overrides: Overrides,
    isDeferred: IsDeferred,
  ): CompiledPlan | undefined {
    const { supergraph, node, selections, keys } = this.operation;
    const plan = (delivery: PlannedDelivery): CompiledPlan | undefined => {
      const document = planningDocument(node, selections, this.refusals, variables, supergraph, delivery, keys);
      return document && planOperation(supergraph, document, overrides, keys);
    };
    if (isDeferred === nothingDeferred) return plan({ isDeferred, byType: false });
    // The planner cannot put off everything that stands on abstract types. At the worst it is fetched with the rest.
    return (
      unlessUnplannable(() => plan({ isDeferred, byType: true })) ??
      unlessUnplannable(() => plan({ isDeferred, byType: false })) ??
      plan({ isDeferred: nothingDeferred, byType: false })
    );
  }
}

function unlessUnplannable<T>(plan: () => T): T | undefined {
  try {
    return plan();
  } catch (error) {
    if (error instanceof PlanningFailed) return undefined;
    throw error;
  }
}

function variablesInConditions(selections: readonly Selection[], names = new Set<string>()): Set<string> {
  for (const { conditions, selections: nested } of selections) {
    for (const { variable } of conditions) names.add(variable);
    if (nested) variablesInConditions(nested, names);
  }
  return names;
}
