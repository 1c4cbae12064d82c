import type { GraphQLObjectType, OperationDefinitionNode, OperationTypeNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Refusal, Refusals } from '../authorization/refusals.js';
import type { Introspection } from '../introspection.js';
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

/** An operation for one set of refusals and one outcome of its conditions. */
export interface OperationVariant {
  /** Undefined when nothing is left to ask subgraphs for. */
  readonly plan: CompiledPlan | undefined;
  readonly shape: ObjectShape;
  readonly serializer: Serializer;
}

/** An operation as one set of refusals leaves it; plans and shapes are computed when first needed. */
export class PermittedOperation {
  private readonly variants = new LRUCache<string, OperationVariant>({ max: variants });
  private readonly conditionVariables: readonly string[];
  private undecidedPlan: { readonly plan: CompiledPlan | undefined } | undefined;

  constructor(
    readonly operation: OperationParts,
    readonly refusals: Refusals,
  ) {
    this.conditionVariables = [...variablesInConditions(operation.selections)];
  }

  /** Throws PlanningFailed, or UnsupportedPlan. */
  variant(variables: Variables): OperationVariant {
    let key = '';
    for (const name of this.conditionVariables) key += variables[name] ? '1' : '0';
    const known = this.variants.get(key);
    if (known) return known;
    const { supergraph, rootType, selections } = this.operation;
    const shape = new ShapeCompiler(supergraph.apiSchema, this.refusals, variables).root(rootType, selections);
    const variant = { plan: this.planFor(variables), shape, serializer: new Serializer(shape) };
    this.variants.set(key, variant);
    return variant;
  }

  /** Refusals of selections that the variables do not skip. */
  activeRefusals(variables: Variables): Refusal[] {
    return [...this.refusals.values()].filter(({ conditions }) => conditionsHold(conditions, variables));
  }

  private planFor(variables: Variables): CompiledPlan | undefined {
    if (this.conditionVariables.length <= mostDecidedConditions) return this.makePlan(variables);
    this.undecidedPlan ??= { plan: this.makePlan(undefined) };
    return this.undecidedPlan.plan;
  }

  private makePlan(variables: Variables | undefined): CompiledPlan | undefined {
    const { supergraph, node, selections } = this.operation;
    const document = planningDocument(node, selections, this.refusals, variables);
    return document && planOperation(supergraph, document);
  }
}

function variablesInConditions(selections: readonly Selection[], names = new Set<string>()): Set<string> {
  for (const { conditions, selections: nested } of selections) {
    for (const { variable } of conditions) names.add(variable);
    if (nested) variablesInConditions(nested, names);
  }
  return names;
}
