import type { GraphQLObjectType, OperationDefinitionNode, OperationTypeNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Refusal, Refusals } from '../authorization/refusals.js';
import type { Introspection } from '../introspection.js';
import type { CompiledPlan } from '../plan/compiled-plan.js';
import { planOperation } from '../plan/plan-operation.js';
import { ShapeCompiler } from '../projection/compile-shape.js';
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

/** Outcomes of `@skip` and `@include` that one operation keeps shapes for. */
const shapeVariants = 32;

/** An operation as one set of refusals leaves it, with its plan and shapes, each computed when first needed. */
export class PermittedOperation {
  private planned: { readonly plan: CompiledPlan | undefined } | undefined;
  private readonly shapes = new LRUCache<string, ObjectShape>({ max: shapeVariants });
  private readonly conditionVariables: readonly string[];

  constructor(
    readonly operation: OperationParts,
    readonly refusals: Refusals,
  ) {
    this.conditionVariables = [...variablesInConditions(operation.selections)];
  }

  /** Undefined when nothing is left to ask subgraphs for. Throws PlanningFailed, or UnsupportedPlan. */
  get plan(): CompiledPlan | undefined {
    this.planned ??= { plan: this.makePlan() };
    return this.planned.plan;
  }

  shape(variables: Variables): ObjectShape {
    let key = '';
    for (const name of this.conditionVariables) key += variables[name] ? '1' : '0';
    const known = this.shapes.get(key);
    if (known) return known;
    const { supergraph, rootType, selections } = this.operation;
    const shape = new ShapeCompiler(supergraph.apiSchema, this.refusals, variables).root(rootType, selections);
    this.shapes.set(key, shape);
    return shape;
  }

  /** Refusals of selections that the variables do not skip. */
  activeRefusals(variables: Variables): Refusal[] {
    return [...this.refusals.values()].filter(({ conditions }) => conditionsHold(conditions, variables));
  }

  private makePlan(): CompiledPlan | undefined {
    const { supergraph, node, selections } = this.operation;
    const document = planningDocument(node, selections, this.refusals);
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
