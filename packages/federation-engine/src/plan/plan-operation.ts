import type { QueryPlan } from '@apollo/query-planner';
import { spanBehind } from '@platform/foundation/tracing';
import type { DocumentNode } from 'graphql';
import { PlanningFailed } from '../base/errors.js';
import type { TypedKeys } from '../operation/typed-keys.js';
import { isPlanWanted } from '../planning/planner.js';
import type { Overrides } from '../schema/overrides.js';
import type { Supergraph } from '../schema/supergraph.js';
import { TypeConditions } from '../schema/type-conditions.js';
import { PlanCompiler } from './compile-plan.js';
import type { CompiledPlan } from './compiled-plan.js';
import { StandInNames } from './stand-in-names.js';
import { TypedFetches } from './typed-fetches.js';

/** Plans a document with one operation that selects something. Throws PlanningFailed, or UnsupportedPlan. */
export function planOperation(
  supergraph: Supergraph,
  document: DocumentNode,
  overrides: Overrides,
  keys: TypedKeys,
): CompiledPlan {
  const started = performance.now();
  const { node } = plan(supergraph, document, overrides);
  spanBehind('plan', performance.now() - started, {});
  if (!node) throw new PlanningFailed('The operation selects fields, but its plan is empty.');
  return new PlanCompiler(
    new TypeConditions(supergraph.schema),
    new StandInNames(supergraph.standIns),
    supergraph.keys,
    supergraph.publicFields,
    supergraph.requirements,
    new TypedFetches(keys, supergraph.schemaOf),
    supergraph.schemaOf,
    supergraph.rootNames,
  ).compile(node);
}

function plan({ planner, overrideLabels }: Supergraph, document: DocumentNode, overrides: Overrides): QueryPlan {
  const overrideConditions = new Map(overrideLabels.map((label) => [label, overrides(label)]));
  try {
    return planner.buildQueryPlan(document, overrideConditions);
  } catch (error) {
    if (isPlanWanted(error)) throw error;
    throw new PlanningFailed('The operation cannot be planned.', error);
  }
}
