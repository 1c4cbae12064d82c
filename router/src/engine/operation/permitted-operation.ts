import type { GraphQLObjectType, OperationDefinitionNode, OperationTypeNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Refusal, Refusals } from '../authorization/refusals.js';
import { PlanningFailed } from '../errors.js';
import type { Introspection } from '../introspection.js';
import { noOverrides, type Overrides } from '../overrides.js';
import type { CompiledPlan } from '../plan/compiled-plan.js';
import { planOperation } from '../plan/plan-operation.js';
import { ShapeCompiler } from '../projection/compile-shape.js';
import { Serializer } from '../projection/serialize.js';
import type { ObjectShape } from '../projection/shapes.js';
import type { Supergraph } from '../supergraph.js';
import { planningDocument } from './planning-document.js';
import type { Selection } from './selection-tree.js';
import { conditionsHold, type Variables } from './variables.js';

/** What an operation is before anyone's rights are known. */
export interface OperationParts {
  readonly supergraph: Supergraph;
  readonly node: OperationDefinitionNode;
  readonly type: OperationTypeNode;
  readonly rootType: GraphQLObjectType;
  readonly selections: readonly Selection[];
  readonly introspection: Introspection | undefined;
}

/** Outcomes of `@skip` and `@include` that one operation keeps plans and shapes for. */
const variants = 32;

/** Up to so many variables in conditions, each outcome has a plan of its own; above, one plan decides while it runs. */
const mostDecidedConditions = 5;

/** An operation for one set of refusals, one set of overrides and one outcome of its conditions. */
export interface OperationVariant {
  /** Undefined when nothing is left to ask subgraphs for. */
  readonly plan: CompiledPlan | undefined;
  readonly shape: ObjectShape;
  readonly serializer: Serializer;
}

type UndecidedPlan = { readonly plan: CompiledPlan | undefined } | 'impossible';

/** An operation as one set of refusals leaves it; plans and shapes are computed when first needed. */
export class PermittedOperation {
  private readonly variants = new LRUCache<string, OperationVariant>({ max: variants });
  private readonly conditionVariables: readonly string[];
  /** By the overrides in effect: plans that leave the conditions to their execution. */
  private readonly undecided = new LRUCache<string, UndecidedPlan>({ max: variants });

  constructor(
    readonly operation: OperationParts,
    readonly refusals: Refusals,
  ) {
    this.conditionVariables = [...variablesInConditions(operation.selections)];
  }

  /** Throws PlanningFailed, or UnsupportedPlan. */
  variant(variables: Variables, overrides: Overrides = noOverrides): OperationVariant {
    const overridden = this.overriddenBy(overrides);
    let key = overridden;
    for (const name of this.conditionVariables) key += variables[name] ? '1' : '0';
    const known = this.variants.get(key);
    if (known) return known;
    const { supergraph, rootType, selections } = this.operation;
    const shape = new ShapeCompiler(supergraph.apiSchema, supergraph.schema, this.refusals, variables).root(
      rootType,
      selections,
    );
    const plan = this.planFor(variables, overrides, overridden);
    const variant = { plan, shape, serializer: new Serializer(shape) };
    this.variants.set(key, variant);
    return variant;
  }

  /** Refusals of selections that the variables do not skip. */
  activeRefusals(variables: Variables): Refusal[] {
    return [...this.refusals.values()].filter(({ conditions }) => conditionsHold(conditions, variables));
  }

  private planFor(variables: Variables, overrides: Overrides, overridden: string): CompiledPlan | undefined {
    if (this.conditionVariables.length <= mostDecidedConditions) return this.makePlan(variables, overrides);
    const known = this.undecided.get(overridden) ?? this.makeUndecidedPlan(overrides);
    this.undecided.set(overridden, known);
    return known === 'impossible' ? this.makePlan(variables, overrides) : known.plan;
  }

  /** Fragments with conditions are beyond the planner where it cannot merge them with what is around. */
  private makeUndecidedPlan(overrides: Overrides): UndecidedPlan {
    try {
      return { plan: this.makePlan(undefined, overrides) };
    } catch (error) {
      if (error instanceof PlanningFailed) return 'impossible';
      throw error;
    }
  }

  private overriddenBy(overrides: Overrides): string {
    let outcome = '';
    for (const label of this.operation.supergraph.overrideLabels) outcome += overrides(label) ? '1' : '0';
    return outcome;
  }

  private makePlan(variables: Variables | undefined, overrides: Overrides): CompiledPlan | undefined {
    const { supergraph, node, selections } = this.operation;
    const document = planningDocument(node, selections, this.refusals, variables, supergraph);
    return document && planOperation(supergraph, document, overrides);
  }
}

function variablesInConditions(selections: readonly Selection[], names = new Set<string>()): Set<string> {
  for (const { conditions, selections: nested } of selections) {
    for (const { variable } of conditions) names.add(variable);
    if (nested) variablesInConditions(nested, names);
  }
  return names;
}
