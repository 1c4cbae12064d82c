import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
} from 'graphql';
import type { UnauthorizedSelections } from '../authorization/unauthorized-selections.js';
import type { IsDeferred } from '../operation/deferral.js';
import { ExactLiterals } from '../operation/exact-literals.js';
import { withPlannedVariables } from '../operation/planned-variables.js';
import {
  isIntrospection,
  isTypename,
  type SelectedField,
  type SelectedFragment,
  type Selection,
} from '../operation/selection-tree.js';
import type { TypedKeys } from '../operation/typed-keys.js';
import { conditionsHold, type Variables } from '../operation/variables.js';
import type { Supergraph } from '../schema/supergraph.js';

/**
 * The operation as the planner sees it: refused selections, introspection and the root's `__typename` left out,
 * fragments expanded, colliding names replaced. With `variables`, `@skip` and `@include` are decided here instead of in
 * the plan. Directives that the planner does not know stay with the router; `@defer` goes along for what is delivered
 * apart. Undefined when nothing is left to ask subgraphs for.
 */
export function normalizeOperation(
  operation: OperationDefinitionNode,
  selections: readonly Selection[],
  unauthorized: UnauthorizedSelections,
  variables: Variables | undefined,
  supergraph: PlanningSupergraph,
  delivery: PlannedDelivery,
  keys: TypedKeys,
): DocumentNode | undefined {
  const root = supergraph.apiSchema.getRootType(operation.operation) ?? undefined;
  const planned = new OperationNormalizer(unauthorized, variables, supergraph, delivery, keys).atRoot(selections, root);
  if (planned.length === 0) return undefined;
  const selectionSet = { kind: Kind.SELECTION_SET, selections: planned } as const;
  const exact = new ExactLiterals(supergraph.apiSchema);
  const directives = exact.inDirectives(kept(operation.directives, knownTo(supergraph)));
  const variableDefinitions = exact.inDefaults(operation.variableDefinitions);
  const definition = { ...operation, variableDefinitions, directives, selectionSet };
  return withPlannedVariables({ kind: Kind.DOCUMENT, definitions: [definition] });
}

class OperationNormalizer {
  private readonly keep: Keep;
  private readonly exact: ExactLiterals;
  /** The label of the nearest enclosing `@defer`. */
  private around: string | undefined;

  constructor(
    private readonly unauthorized: UnauthorizedSelections,
    private readonly variables: Variables | undefined,
    private readonly supergraph: PlanningSupergraph,
    private readonly delivery: PlannedDelivery,
    private readonly keys: TypedKeys,
  ) {
    const known = knownTo(supergraph);
    this.exact = new ExactLiterals(supergraph.apiSchema);
    this.keep = (name) => delivered(name) && known(name) && !(variables && isCondition(name));
  }

  atRoot(selections: readonly Selection[], root: GraphQLObjectType | undefined): SelectionNode[] {
    return this.plan(selections, root, (field) => isTypename(field) || isIntrospection(field));
  }

  private plan(
    selections: readonly Selection[],
    parent: GraphQLCompositeType | undefined,
    leaveOut: (field: SelectedField) => boolean,
  ): SelectionNode[] {
    const planned: SelectionNode[] = [];
    for (const selection of selections) {
      if (this.variables && !conditionsHold(selection.conditions, this.variables)) continue;
      if (selection.kind === 'fragment') {
        planned.push(...this.delivered(selection, parent, leaveOut));
      } else if (!this.unauthorized.has(selection) && !leaveOut(selection)) {
        planned.push(this.field(selection));
      }
    }
    return planned;
  }

  private delivered(
    selection: SelectedFragment,
    parent: GraphQLCompositeType | undefined,
    leaveOut: (field: SelectedField) => boolean,
  ): SelectionNode[] {
    const { deferral } = selection;
    if (!deferral || !this.delivery.isDeferred(deferral)) return this.fragments(selection, parent, leaveOut);
    const types = this.delivery.byType ? this.pieces(parent) : [];
    if (types.length === 0) return this.deferred(deferral.id, () => this.fragments(selection, parent, leaveOut));
    return types.flatMap((type) => {
      const nested = this.deferred(`${deferral.id} ${type.name}`, () => this.fragments(selection, type, leaveOut));
      return nested.length > 0 ? [onType(type, nested)] : [];
    });
  }

  /** The planner puts off what belongs to entities, and those are object types. */
  private pieces(parent: GraphQLCompositeType | undefined): readonly GraphQLObjectType[] {
    const { apiSchema, interfaceObjects } = this.supergraph;
    return isAbstractType(parent) && !interfaceObjects.has(parent.name) ? apiSchema.getPossibleTypes(parent) : [];
  }

  /** What stands in pieces of deferred fragments is in as many pieces itself. */
  private deferred(piece: string, plan: () => SelectionNode[]): SelectionNode[] {
    const { around } = this;
    const label = around === undefined ? piece : `${piece} ${around}`;
    this.around = label;
    const selections = plan();
    this.around = around;
    return selections.length > 0 ? [deferred(label, selections)] : [];
  }

  private fragments(
    selection: SelectedFragment,
    parent: GraphQLCompositeType | undefined,
    leaveOut: (field: SelectedField) => boolean,
  ): SelectionNode[] {
    return this.conditions(parent, selection.typeCondition).flatMap((type) => {
      const nested = this.plan(selection.selections, isObjectType(parent) ? parent : (type ?? parent), leaveOut);
      return nested.length > 0 ? [fragment({ ...selection, typeCondition: type }, nested, this.keep)] : [];
    });
  }

  /**
   * The planner cannot get from an interface object to another abstract type, nor from an abstract type to an interface that
   * an interface object may stand for: one that all objects are of needs no condition, and of others the object types of
   * both are named.
   */
  private conditions(
    parent: GraphQLCompositeType | undefined,
    condition: GraphQLCompositeType | undefined,
  ): readonly (GraphQLCompositeType | undefined)[] {
    const { apiSchema, interfaceObjects, interfacesAround } = this.supergraph;
    if (isObjectType(parent)) return isMet(apiSchema, parent, condition) ? [condition] : [];
    if (!parent || !condition || condition === parent) return [condition];
    if (!interfaceObjects.has(parent.name) && !interfacesAround.has(condition.name)) return [condition];
    if (isObjectType(condition)) return apiSchema.isSubType(parent, condition) ? [condition] : [];
    if (isInterfaceType(parent) && apiSchema.isSubType(condition, parent)) return [undefined];
    return apiSchema.getPossibleTypes(condition).filter((type) => apiSchema.isSubType(parent, type));
  }

  /** The planner cannot ask for anything of an interface that an interface object may stand for: the latter is named, and so are the other types. */
  private object(selections: readonly Selection[], parent: GraphQLCompositeType): SelectionNode[] {
    const { apiSchema, interfacesAround } = this.supergraph;
    const names = interfacesAround.get(parent.name);
    if (!names || !isAbstractType(parent)) return this.met(selections, parent);
    const inside = names.map((name) => apiSchema.getType(name)).filter(isInterfaceType);
    const others = apiSchema
      .getPossibleTypes(parent)
      .filter((type) => !inside.some((each) => apiSchema.isSubType(each, type)));
    const { around } = this;
    const parts = [...inside, ...others].map((type) => {
      this.around = around === undefined ? type.name : `${type.name} ${around}`;
      const planned = this.met(selections, type);
      const isKept = isInterfaceType(type) && planned.some((node) => narrows(node, type.name));
      return onType(type, planned, isKept ? included : undefined);
    });
    this.around = around;
    return parts;
  }

  /**
   * The object itself is asked for, whatever becomes of its fields: without one that always stays, its existence would be
   * lost. And its type tells which of the deferred fragments are to follow.
   */
  private met(selections: readonly Selection[], parent: GraphQLCompositeType): SelectionNode[] {
    const planned = this.plan(selections, parent, isIntrospection);
    return planned.some(always) && !planned.some(defers) ? planned : [typename, ...planned];
  }

  private field(field: SelectedField): FieldNode {
    if (isTypename(field)) return { ...typename, directives: kept(field.node.directives, this.keep) };
    const node = this.renamed(field);
    if (!field.selections) return node;
    const selections = this.object(field.selections, getNamedType(field.definition.type) as GraphQLCompositeType);
    return { ...node, selectionSet: { kind: Kind.SELECTION_SET, selections } };
  }

  private renamed(field: SelectedField): FieldNode {
    const { node, definition } = field;
    const key = this.keys.of(field);
    return {
      ...node,
      alias: key === node.name.value ? undefined : { kind: Kind.NAME, value: key },
      arguments: this.exact.inArguments(node.arguments, definition.args),
      directives: this.exact.inDirectives(kept(node.directives, this.keep)),
    };
  }
}

const isMet = (schema: GraphQLSchema, type: GraphQLObjectType, condition: GraphQLCompositeType | undefined): boolean =>
  !condition || condition === type || (isAbstractType(condition) && schema.isSubType(condition, type));

/** What is put off, by the fragment's id and, where one is planned in pieces, what tells them apart. */
export interface PlannedDelivery {
  readonly isDeferred: IsDeferred;
  /** Deferred fragments on abstract types are planned for each object type apart. */
  readonly byType: boolean;
}

/** What planning documents are made for. */
type PlanningSupergraph = Pick<Supergraph, 'planningSchema' | 'apiSchema' | 'interfaceObjects' | 'interfacesAround'>;

const knownTo =
  ({ planningSchema }: PlanningSupergraph): Keep =>
  (directive) =>
    planningSchema.directive(directive) !== undefined;

const typename: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

function fragment({ typeCondition, node }: SelectedFragment, selections: SelectionNode[], keep: Keep): SelectionNode {
  return {
    kind: Kind.INLINE_FRAGMENT,
    typeCondition: typeCondition && { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: typeCondition.name } },
    directives: kept(node.directives, keep),
    selectionSet: { kind: Kind.SELECTION_SET, selections },
  };
}

const deferred = (label: string, selections: SelectionNode[]): SelectionNode => ({
  kind: Kind.INLINE_FRAGMENT,
  directives: [
    {
      kind: Kind.DIRECTIVE,
      name: { kind: Kind.NAME, value: 'defer' },
      arguments: [
        { kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: 'label' }, value: { kind: Kind.STRING, value: label } },
      ],
    },
  ],
  selectionSet: { kind: Kind.SELECTION_SET, selections },
});

const narrows = (node: SelectionNode, to: string): boolean =>
  node.kind === Kind.INLINE_FRAGMENT &&
  ((node.typeCondition !== undefined && node.typeCondition.name.value !== to) ||
    node.selectionSet.selections.some((nested) => narrows(nested, to)));

/**
 * Of a fragment that only narrows another one's type the planner leaves nothing, unless it has a directive. To an interface
 * object it gets through that fragment alone.
 */
const included: readonly DirectiveNode[] = [
  {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: 'include' },
    arguments: [
      { kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: 'if' }, value: { kind: Kind.BOOLEAN, value: true } },
    ],
  },
];

const onType = (
  { name }: GraphQLCompositeType,
  selections: SelectionNode[],
  directives?: readonly DirectiveNode[],
): SelectionNode => ({
  kind: Kind.INLINE_FRAGMENT,
  directives,
  typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: name } },
  selectionSet: { kind: Kind.SELECTION_SET, selections },
});

const always = (node: SelectionNode): boolean => {
  if (node.directives?.some(({ name }) => isCondition(name.value) || name.value === 'defer')) return false;
  return node.kind === Kind.INLINE_FRAGMENT ? node.selectionSet.selections.some(always) : true;
};

const defers = (node: SelectionNode): boolean =>
  node.kind === Kind.INLINE_FRAGMENT &&
  (node.directives?.some(({ name }) => name.value === 'defer') || node.selectionSet.selections.some(defers));

/** Which directives stay, by name. */
type Keep = (directive: string) => boolean;

/** What is deferred is said by what is planned, not by what was written. */
const delivered: Keep = (directive) => directive !== 'defer';

const isCondition = (directive: string) => directive === 'skip' || directive === 'include';

const kept = (directives: readonly DirectiveNode[] = [], keep: Keep): readonly DirectiveNode[] =>
  directives.filter(({ name }) => keep(name.value));
