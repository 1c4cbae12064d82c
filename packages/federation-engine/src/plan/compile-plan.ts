import type { DeferredNode, FetchNode, PlanNode, QueryPlan, QueryPlanSelectionNode } from '@apollo/query-planner';
import {
  type FragmentDefinitionNode,
  GraphQLSchema,
  Kind,
  OperationTypeNode,
  parse,
  type SelectionSetNode,
} from 'graphql';
import { UnsupportedPlan } from '../base/errors.js';
import { withExactLiterals } from '../operation/exact-literals.js';
import type { EntityKeys } from '../schema/entity-keys.js';
import type { PublicFields } from '../schema/public-fields.js';
import type { RequiresFields } from '../schema/requires-directives.js';
import type { Supergraph } from '../schema/supergraph.js';
import type { TypeConditions } from '../schema/type-conditions.js';
import { batchFetches } from './batch-fetches.js';
import { type CompiledPlan, fetchesOf, type PlannedFetch, type PlannedNode } from './compiled-plan.js';
import { ContextArguments } from './contexts.js';
import { exactFieldsOf } from './exact-fields.js';
import type { CompiledFetch, DeferredFragment, EntityFetchNode } from './fetch-nodes.js';
import type { FlattenPath } from './flatten.js';
import { Representations } from './representations.js';
import { RequestTemplate } from './request-template.js';
import type { RequiresAliasRewriter } from './requires-alias-rewriter.js';
import { orderRequires } from './requires-ordering.js';
import { compileRewrites, type Rewrite, renamedKeys } from './rewrites.js';
import { withOwnRootNames, withoutRootConditions } from './root-types.js';
import { restrictRequires, splitEntityFetch } from './split-entity-fetch.js';
import type { TypedFetches } from './typed-fetches.js';

/** Turns the planner's plan into one that runs without looking at documents or schemas again. */
export class PlanCompiler {
  private usesContexts = false;
  private mutates = false;
  private characters = 0;
  private readonly subgraphs = new Set<string>();
  private readonly awaited = new Map<string, number>();

  constructor(
    private readonly types: TypeConditions,
    private readonly names: RequiresAliasRewriter,
    private readonly keys: EntityKeys,
    private readonly publicFields: PublicFields,
    private readonly requiresFields: RequiresFields,
    private readonly typed: TypedFetches,
    private readonly schemaOf: Supergraph['schemaOf'],
    private readonly rootNames: Supergraph['rootNames'],
  ) {}

  compile(root: NonNullable<QueryPlan['node']>): CompiledPlan {
    const subscribes = root.kind === 'Subscription';
    const primary = subscribes ? this.request(this.typed.named(root.primary), []) : undefined;
    const rest = subscribes ? root.rest : root;
    const tree = this.optional(rest && orderRequires(rest, this.requiresFields, this.keys), []) ?? nothing;
    const node = batchFetches(tree);
    return {
      node,
      fetches: fetchesOf(node) + (primary ? 1 : 0),
      characters: this.characters,
      primary,
      sharesResults: !this.usesContexts && !this.typed.areUsed,
      subgraphs: [...this.subgraphs],
      awaited: this.awaited,
      shareable: !this.mutates,
    };
  }

  private node(node: NonNullable<QueryPlan['node']>, path: FlattenPath): PlannedNode {
    switch (node.kind) {
      case 'Sequence':
        return { kind: 'sequence', nodes: node.nodes.map((child) => this.node(child, path)) };
      case 'Parallel':
        return { kind: 'parallel', nodes: node.nodes.map((child) => this.node(child, path)) };
      case 'Flatten':
        return this.node(node.node, [...path, ...this.typed.path(node.path)]);
      case 'Condition':
        return {
          kind: 'condition',
          variable: node.condition,
          whenTrue: this.optional(node.ifClause, path),
          whenFalse: this.optional(node.elseClause, path),
        };
      case 'Fetch':
        return this.fetches(node, path);
      case 'Subscription':
        throw new UnsupportedPlan('A subscription within another operation');
      case 'Defer':
        return {
          kind: 'defer',
          primary: this.optional(node.primary.node, path),
          deferred: this.deferred(node.deferred, path),
        };
    }
  }

  private optional(node: PlanNode | undefined, path: FlattenPath): PlannedNode | undefined {
    return node && this.node(node, path);
  }

  /** Pieces of one deferred fragment are fetched and delivered together. */
  private deferred(parts: readonly DeferredNode[], path: FlattenPath): DeferredFragment<PlannedFetch>[] {
    const byId = Map.groupBy(parts, ({ label = '' }) => label.split(' ', 1)[0] ?? label);
    return [...byId].map(([id, pieces]) => {
      const nodes = pieces.flatMap(({ node }) => this.optional(node, path) ?? []);
      const after = new Set(pieces.flatMap(({ depends }) => depends.map((fetch) => fetch.id)));
      return { id, after: [...after], node: nodes.length > 1 ? { kind: 'parallel', nodes } : nodes[0] };
    });
  }

  private fetches(node: FetchNode, path: FlattenPath): PlannedNode {
    const separate = this.typed
      .separate(node)
      .flatMap(({ fetch, types }) =>
        this.names.separate(fetch).map((part) => ({ part, at: types ? [...path, { types }] : path })),
      );
    const [only, ...others] = separate.map(({ part, at }) =>
      this.fetch(separate.length > 1 ? restrictRequires(part, node, this.requiresFields, this.keys) : part, at),
    );
    return only && others.length === 0 ? only : { kind: 'parallel', nodes: only ? [only, ...others] : [] };
  }

  private request(node: FetchNode, path: FlattenPath): CompiledFetch {
    this.subgraphs.add(node.serviceName);
    if (node.operationKind === OperationTypeNode.MUTATION) this.mutates = true;
    if (node.id !== undefined) this.awaited.set(node.id, (this.awaited.get(node.id) ?? 0) + 1);
    const contextual = node.contextRewrites?.map(({ renameKeyTo }) => renameKeyTo) ?? [];
    const renamed = renamedKeys(node.outputRewrites);
    const operation = this.names.document(node.operation);
    const schema = this.schemaOf(node.serviceName);
    const composed = withExactLiterals(withoutRootConditions(operation, schema));
    const { query, rewriteTypes } = withOwnRootNames(
      composed,
      schema,
      this.rootNames.get(node.serviceName),
      this.types,
    );
    this.characters += query.length;
    return {
      id: node.id,
      subgraph: node.serviceName,
      query,
      operationName: node.operationName,
      variables: (node.variableUsages ?? []).filter((name) => name !== 'representations' && !contextual.includes(name)),
      path,
      rewriteOutput: inTurn(rewriteTypes, compileRewrites(node.outputRewrites, this.types)),
      renamedKeys: renamed,
      responseKeys: responseKeys(node.operation).map((key) => renamed.get(key) ?? key),
      signature: signature(node),
      isPublic: this.publicFields.coverAll(composed),
      exactFields: exactFieldsOf(composed, schema ?? unknown),
    };
  }

  private fetch(node: FetchNode, path: FlattenPath): PlannedNode {
    if (node.requires) {
      return this.entities(node, node.requires, path, splitEntityFetch(node, this.requiresFields, this.keys));
    }
    const fetch = this.request(node, path);
    return {
      kind: 'fetch',
      fetch,
      template: new RequestTemplate(fetch),
      mutation: node.operationKind === OperationTypeNode.MUTATION,
    };
  }

  private entities(
    node: FetchNode,
    requires: QueryPlanSelectionNode[],
    path: FlattenPath,
    parts: readonly FetchNode[],
  ): EntityFetchNode {
    if (node.contextRewrites?.length) this.usesContexts = true;
    return {
      kind: 'entity',
      fetch: this.request(node, path),
      parts: parts.map((part) => this.entities({ ...part, id: undefined }, part.requires ?? [], path, [])),
      representations: new Representations(
        requires,
        this.types,
        inTurn(compileRewrites(node.inputRewrites, this.types), this.names.inRepresentations(requires)),
        severalTypes(requires)
          ? (representation, entity) => this.keys.complete(node.serviceName, representation, entity)
          : undefined,
      ),
      contexts: node.contextRewrites?.length ? new ContextArguments(node.contextRewrites, this.types) : undefined,
    };
  }
}

/** Stands for a subgraph that the supergraph says nothing of. */
const unknown = new GraphQLSchema({});

const nothing: PlannedNode = { kind: 'sequence', nodes: [] };

/** Only then can an object have one type's requirements without another's key. */
const severalTypes = (requires: readonly QueryPlanSelectionNode[]): boolean => requires.length > 1;

const inTurn = (first: Rewrite | undefined, second: Rewrite | undefined): Rewrite | undefined =>
  first && second
    ? (value) => {
        first(value);
        second(value);
      }
    : (first ?? second);

function signature({ operation, operationName, outputRewrites = [] }: FetchNode): string {
  const text = operationName === undefined ? operation : operation.replace(operationName, '');
  return text + JSON.stringify(outputRewrites);
}

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
