import {
  type DocumentNode,
  type GraphQLObjectType,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  type OperationTypeNode,
} from 'graphql';
import { type AuthorizationContext, isUndecided, satisfies } from '../authorization/authorization-context.js';
import {
  type AuthorizationOutcome,
  rulesTouched,
  unauthorizedSelections,
} from '../authorization/unauthorized-selections.js';
import type { DerivedCache } from '../base/derived-cache.js';

import { OperationResolutionFailure } from '../base/errors.js';
import { SelectionTreeBuilder } from '../operation/build-selection-tree.js';
import type { Deferral } from '../operation/deferral.js';
import type { IntrospectionContext } from '../operation/introspection.js';
import type { Selection } from '../operation/selection-tree.js';
import { separateTypes } from '../operation/separate-types.js';
import type { TypedKeys } from '../operation/typed-keys.js';
import type { Rule } from '../schema/rule.js';
import type { Supergraph } from '../schema/supergraph.js';
import { AuthorizedOperation, type OperationFacts } from './authorized-operation.js';

/** What a denied takes in memory, in bytes. */
const PER_UNAUTHORIZED_SELECTION = 300;

/** One operation of a valid document on one supergraph: everything that neither rights nor variables decide. */
export class Operation implements OperationFacts {
  readonly type: OperationTypeNode;
  readonly name: string | undefined;
  readonly rootType: GraphQLObjectType;
  readonly selections: readonly Selection[];
  readonly deferrals: readonly Deferral[];
  readonly introspection: IntrospectionContext | undefined;
  /** Selections, fragments expanded. */
  readonly size: number;
  readonly keys: TypedKeys;
  private readonly rules: readonly Rule[];
  private readonly owner: string;
  private asked: readonly string[] | undefined;

  constructor(
    readonly supergraph: Supergraph,
    document: DocumentNode,
    readonly node: OperationDefinitionNode,
    maxFields: number,
    readonly derived: DerivedCache,
  ) {
    const rootType = supergraph.apiSchema.getRootType(node.operation);
    if (!rootType) throw new OperationResolutionFailure(`The schema has no ${node.operation} type.`);
    this.type = node.operation;
    this.name = node.name?.value;
    this.rootType = rootType;
    const tree = new SelectionTreeBuilder(supergraph, document, maxFields);
    this.selections = tree.build(rootType, node.selectionSet);
    this.deferrals = tree.deferrals;
    this.size = tree.size;
    this.owner = derived.newOwner();
    this.introspection = tree.introspects ? { operation: node, fragments: tree.fragments, derived } : undefined;
    const { apiSchema, interfaceObjects } = supergraph;
    const root = { type: rootType, selections: this.selections };
    this.keys = separateTypes(apiSchema, interfaceObjects, root, tree.prefix);
    this.rules = supergraph.rules.isEmpty ? [] : [...rulesTouched(this.selections)];
  }

  /** The policies that decide about parts of the operation; of the whole supergraph when the operation introspects. */
  get policies(): readonly string[] {
    this.asked ??= policiesIn(this.introspection ? this.supergraph.rules.all() : this.rules);
    return this.asked;
  }

  /** The operation without what these rights do not reach; the same object for rights that differ elsewhere only. */
  authorizeFor(authorization: AuthorizationContext): AuthorizedOperation {
    let key = '';
    for (const rule of this.rules)
      key += satisfies(authorization, rule) ? '1' : isUndecided(authorization, rule) ? '?' : '0';
    return this.derived.remember(`authorized ${this.owner} ${key}`, () => {
      const unsatisfied = new Map<Rule, AuthorizationOutcome>();
      this.rules.forEach((rule, index) => {
        if (key[index] !== '1') unsatisfied.set(rule, key[index] === '?' ? 'undecided' : 'unauthorized');
      });
      const value = new AuthorizedOperation(this, unauthorizedSelections(this.selections, unsatisfied), key);
      return { value, weight: 2_000 + value.unauthorized.size * PER_UNAUTHORIZED_SELECTION };
    });
  }
}

const policiesIn = (rules: readonly Rule[]): string[] => [
  ...new Set(rules.flatMap(({ kind, anyOf }) => (kind === 'policy' ? anyOf.flat() : []))),
];

/** The operation that a request means. Throws OperationResolutionFailure. */
export function resolveOperation(document: DocumentNode, operationName: string | undefined): OperationDefinitionNode {
  const operation = getOperationAST(document, operationName);
  if (operation) return operation;
  if (operationName !== undefined) throw new OperationResolutionFailure(`Unknown operation named "${operationName}".`);
  const some = document.definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  throw new OperationResolutionFailure(
    some ? 'Must provide operation name if query contains multiple operations.' : 'The document contains no operation.',
  );
}
