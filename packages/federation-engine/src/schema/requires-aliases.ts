import {
  type ConstArgumentNode,
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type FieldNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  print,
  type SelectionNode,
  type SelectionSetNode,
  type TypeNode,
} from 'graphql';

/** What the planner calls by a name of its own: a field that some `@requires` names with these arguments. */
export interface RequiresAlias {
  readonly field: string;
  readonly arguments: readonly ConstArgumentNode[];
}

type FieldsType = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

/**
 * Gives every required field that takes arguments a alias: a field of the same type, without arguments, in the same
 * subgraphs. To the planner, `price` for a client, `price(currency: "EUR")` and `price(currency: "USD")` for two
 * `@requires` are then three fields, where it would merge them into one and plan silently wrong data. Fetches name the
 * real field again: see RequiresAliasRewriter.
 */
export class RequiresAliases {
  private readonly byName = new Map<string, RequiresAlias>();
  /** `Type.field` to the aliases that its `@requires` names. */
  private readonly required = new Map<string, Set<string>>();
  private readonly types = new Map<string, FieldsType>();
  /** Type name to the aliases it gets, with the field each is for. */
  private readonly additions = new Map<string, Map<string, string>>();
  readonly prefix: string;
  /** The supergraph as the planner reads it. */
  readonly document: DocumentNode;

  constructor(supergraph: DocumentNode) {
    for (const definition of supergraph.definitions) {
      if (hasFields(definition)) this.types.set(definition.name.value, definition);
    }
    this.prefix = unusedPrefix([...this.types.values()]);
    const rewritten = supergraph.definitions.map((node) => (hasFields(node) ? this.rewriteType(node) : node));
    this.document =
      this.byName.size === 0
        ? supergraph
        : { ...supergraph, definitions: rewritten.map((node) => (hasFields(node) ? this.extend(node) : node)) };
  }

  get(name: string): RequiresAlias | undefined {
    return this.byName.get(name);
  }

  /** The aliases that a field needs; by its name alone where the type does not know it. */
  requiredBy(type: string | undefined, field: string): ReadonlySet<string> {
    const own = this.required.get(`${type}.${field}`);
    if (own) return own;
    const all = [...this.required].filter(([coordinate]) => coordinate.endsWith(`.${field}`));
    return new Set(all.flatMap(([, names]) => [...names]));
  }

  private rewriteType<T extends FieldsType>(type: T): T {
    const fields = type.fields?.map((field): FieldDefinitionNode => {
      const needs = new Set<string>();
      const directives = field.directives?.map((directive) => this.rewriteRequires(type.name.value, directive, needs));
      if (needs.size > 0) this.required.set(`${type.name.value}.${field.name.value}`, needs);
      return needs.size > 0 ? { ...field, directives } : field;
    });
    return { ...type, fields };
  }

  private rewriteRequires(type: string, directive: ConstDirectiveNode, needs: Set<string>): ConstDirectiveNode {
    if (directive.name.value !== 'join__field') return directive;
    const given = directive.arguments?.map((argument): ConstArgumentNode => {
      if (argument.name.value !== 'requires' || argument.value.kind !== Kind.STRING) return argument;
      const [operation] = parse(`{ ${argument.value.value} }`, { noLocation: true }).definitions;
      if (operation?.kind !== Kind.OPERATION_DEFINITION) return argument;
      const selectionSet = this.replace(type, operation.selectionSet, needs);
      return { ...argument, value: { kind: Kind.STRING, value: print(selectionSet).slice(1, -1).trim() } };
    });
    return { ...directive, arguments: given };
  }

  private replace(type: string, { selections }: SelectionSetNode, needs: Set<string>): SelectionSetNode {
    const replaced = selections.map((selection): SelectionNode => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) return selection;
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const on = selection.typeCondition?.name.value ?? type;
        return { ...selection, selectionSet: this.replace(on, selection.selectionSet, needs) };
      }
      const definition = this.types.get(type)?.fields?.find(({ name }) => name.value === selection.name.value);
      if (!definition) return selection;
      const nested = selection.selectionSet && this.replace(namedType(definition.type), selection.selectionSet, needs);
      const field: FieldNode = { ...selection, selectionSet: nested };
      return takesArguments(definition) ? this.requiresAliasFor(type, field, needs) : field;
    });
    return { kind: Kind.SELECTION_SET, selections: replaced };
  }

  private requiresAliasFor(type: string, field: FieldNode, needs: Set<string>): FieldNode {
    const given = (field.arguments ?? []) as readonly ConstArgumentNode[];
    const name = this.nameOf(field.name.value, given);
    needs.add(name);
    for (const holder of [type, ...this.implementersOf(type)]) {
      const added = this.additions.get(holder) ?? new Map<string, string>();
      this.additions.set(holder, added.set(name, field.name.value));
    }
    return { ...field, name: { kind: Kind.NAME, value: name }, arguments: [] };
  }

  private nameOf(field: string, given: readonly ConstArgumentNode[]): string {
    const signature = given.map(print).sort().join();
    for (const [name, known] of this.byName) {
      if (known.field === field && known.arguments.map(print).sort().join() === signature) return name;
    }
    const name = `${this.prefix}${this.byName.size}_${field}`;
    this.byName.set(name, { field, arguments: given });
    return name;
  }

  private implementersOf(type: string): string[] {
    return [...this.types.values()]
      .filter(({ interfaces }) => interfaces?.some(({ name }) => name.value === type))
      .map(({ name }) => name.value);
  }

  private extend<T extends FieldsType>(type: T): T {
    const added = [...(this.additions.get(type.name.value) ?? [])].flatMap(([value, original]) => {
      const field = type.fields?.find(({ name }) => name.value === original);
      return field
        ? [{ ...field, description: undefined, name: { kind: Kind.NAME, value }, arguments: [] } as const]
        : [];
    });
    return added.length === 0 ? type : { ...type, fields: [...(type.fields ?? []), ...added] };
  }
}

const hasFields = (node: DefinitionNode): node is FieldsType =>
  node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION;

/** Arguments that come from a `@context` are the subgraph's own affair. */
const takesArguments = ({ arguments: taken = [], directives = [] }: FieldDefinitionNode): boolean =>
  taken.length > 0 &&
  !directives.some(({ arguments: given }) => given?.some(({ name }) => name.value === 'contextArguments'));

const namedType = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type));

/** A prefix for field names that no field of the supergraph starts with. */
function unusedPrefix(types: readonly FieldsType[]): string {
  const names = types.flatMap(({ fields = [] }) => fields.map(({ name }) => name.value));
  let prefix = '_required_';
  while (names.some((name) => name.startsWith(prefix))) prefix = `_${prefix}`;
  return prefix;
}
