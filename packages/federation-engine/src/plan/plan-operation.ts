import { spanBehind } from '@platform/foundation/tracing';
import type { DocumentNode } from 'graphql';
import { PlanningFailed } from '../base/errors.js';
import type { TypedKeys } from '../operation/typed-keys.js';
import type { Planner } from '../planning/planner.js';
import type { Overrides } from '../schema/overrides.js';
import type { Supergraph } from '../schema/supergraph.js';
import { TypeConditions } from '../schema/type-conditions.js';
import { PlanCompiler } from './compile-plan.js';
import type { CompiledPlan } from './compiled-plan.js';
import { RequiresAliasRewriter } from './requires-alias-rewriter.js';
import { TypedFetches } from './typed-fetches.js';

/** What a plan of an operation is made of. */
export interface OperationToPlan {
  readonly supergraph: Supergraph;
  readonly document: DocumentNode;
  readonly overrides: Overrides;
  readonly keys: TypedKeys;
}

/** Plans a document with one operation that selects something. Throws what the planner throws, PlanningFailed, or UnsupportedPlan. */
export async function planOperation(
  planner: Planner,
  { supergraph, document, overrides, keys }: OperationToPlan,
): Promise<CompiledPlan> {
  const started = performance.now();
  const labels = supergraph.overrideLabels.map((label) => [label, overrides(label)] as const);
  const { node } = await planner.plan({ document, overrides: new Map(labels) });
  spanBehind('plan', performance.now() - started, {});
  if (!node) throw new PlanningFailed('The operation selects fields, but its plan is empty.');
  return new PlanCompiler(
    new TypeConditions(supergraph.schema),
    new RequiresAliasRewriter(supergraph.requiresAliases),
    supergraph.keys,
    supergraph.publicFields,
    supergraph.requiresFields,
    new TypedFetches(keys, supergraph.schemaOf),
    supergraph.schemaOf,
    supergraph.rootNames,
  ).compile(node);
}
