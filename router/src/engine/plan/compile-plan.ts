import type { FetchNode, PlanNode, QueryPlan } from '@apollo/query-planner';
import { type FragmentDefinitionNode, Kind, OperationTypeNode, parse, type SelectionSetNode } from 'graphql';
import { UnsupportedPlan } from '../errors.js';
import type { CompiledFetch, CompiledPlan, PlannedNode } from './compiled-plan.js';
import { ContextArguments } from './contexts.js';
import type { FlattenPath } from './flatten.js';
import { Representations } from './representations.js';
import { compileRewrites, renamedKeys } from './rewrites.js';
import type { TypeConditions } from './type-conditions.js';

/** Turns the planner's plan into one that runs without looking at documents or schemas again. */
export class PlanCompiler {
  private usesContexts = false;

  constructor(private readonly types: TypeConditions) {}

  compile(root: NonNullable<QueryPlan['node']>): CompiledPlan {
    const subscribes = root.kind === 'Subscription';
    const primary = subscribes ? this.request(root.primary, []) : undefined;
    const node = subscribes ? (this.optional(root.rest, []) ?? nothing) : this.node(root, []);
    return { node, primary, sharesResults: !this.usesContexts };
  }

  private node(node: NonNullable<QueryPlan['node']>, path: FlattenPath): PlannedNode {
    switch (node.kind) {
      case 'Sequence':
        return { kind: 'sequence', nodes: node.nodes.map((child) => this.node(child, path)) };
      case 'Parallel':
        return { kind: 'parallel', nodes: node.nodes.map((child) => this.node(child, path)) };
      case 'Flatten':
        return this.node(node.node, [...path, ...node.path.map(String)]);
      case 'Condition':
        return {
          kind: 'condition',
          variable: node.condition,
          whenTrue: this.optional(node.ifClause, path),
          whenFalse: this.optional(node.elseClause, path),
        };
      case 'Fetch':
        return this.fetch(node, path);
      case 'Subscription':
        throw new UnsupportedPlan('A subscription within another operation');
      case 'Defer':
        throw new UnsupportedPlan('@defer');
    }
  }

  private optional(node: PlanNode | undefined, path: FlattenPath): PlannedNode | undefined {
    return node && this.node(node, path);
  }

  private request(node: FetchNode, path: FlattenPath): CompiledFetch {
    const contextual = node.contextRewrites?.map(({ renameKeyTo }) => renameKeyTo) ?? [];
    const renamed = renamedKeys(node.outputRewrites);
    return {
      subgraph: node.serviceName,
      query: node.operation,
      operationName: node.operationName,
      variables: (node.variableUsages ?? []).filter((name) => name !== 'representations' && !contextual.includes(name)),
      path,
      rewriteOutput: compileRewrites(node.outputRewrites, this.types),
      renamedKeys: renamed,
      responseKeys: responseKeys(node.operation).map((key) => renamed.get(key) ?? key),
    };
  }

  private fetch(node: FetchNode, path: FlattenPath): PlannedNode {
    const fetch = this.request(node, path);
    if (!node.requires) return { kind: 'fetch', fetch, mutation: node.operationKind === OperationTypeNode.MUTATION };

    if (node.contextRewrites?.length) this.usesContexts = true;
    return {
      kind: 'entities',
      fetch,
      representations: new Representations(node.requires, this.types, compileRewrites(node.inputRewrites, this.types)),
      contexts: node.contextRewrites?.length ? new ContextArguments(node.contextRewrites, this.types) : undefined,
    };
  }
}

const nothing: PlannedNode = { kind: 'sequence', nodes: [] };

/** The response names below the root, or below `_entities`. */
function responseKeys(operation: string): string[] {
  const { definitions } = parse(operation, { noLocation: true });
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const keys = new Set<string>();
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value);
        if (fragment) collect(fragment.selectionSet);
      } else if (selection.kind === Kind.INLINE_FRAGMENT || selection.name.value === '_entities') {
        if (selection.selectionSet) collect(selection.selectionSet);
      } else if (selection.name.value !== '__typename') {
        keys.add(selection.alias?.value ?? selection.name.value);
      }
    }
  };
  for (const definition of definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) collect(definition.selectionSet);
  }
  return [...keys];
}
