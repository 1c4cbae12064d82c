import {
  buildASTSchema,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql';
import { withExactNumbers } from './exact-numbers.js';

/** A subgraph as SDL alone: what it answers comes from the world. */
export interface SubgraphSdl {
  readonly name: string;
  readonly typeDefs: string;
}

export interface WorldObject {
  readonly __typename: string;
  readonly seed: number;
  /** What a `@requires` brought, on the side of a subgraph. */
  readonly given?: Record<string, unknown>;
}

type Directives = GraphQLObjectType['astNode'];

/** What the world has to know of its subgraphs: keys, requirements, who resolves what and with which types. */
export class Schemas {
  readonly whole: GraphQLSchema;
  readonly parts: ReadonlyMap<string, GraphQLSchema>;
  /** Interfaces that are entities: an object of one implements it by its seed alone, so that every subgraph agrees. */
  private readonly families = new Map<string, readonly string[]>();
  private readonly familyOf = new Map<string, string>();
  /** `Type.field` of everything that a key or a requirement names. */
  readonly named = new Set<string>();
  private readonly keyed = new Set<string>();
  private readonly types = new Map<string, ReadonlySet<string>>();

  constructor(supergraph: string, subgraphs: readonly SubgraphSdl[]) {
    this.whole = withExactNumbers(buildASTSchema(parse(supergraph), { assumeValidSDL: true, assumeValid: true }));
    this.parts = new Map(
      subgraphs.map(({ name, typeDefs }) => [
        name,
        buildASTSchema(parse(typeDefs), { assumeValidSDL: true, assumeValid: true }),
      ]),
    );
    for (const part of this.parts.values()) this.readFamilies(part);
    for (const part of this.parts.values()) this.readPart(part);
  }

  /** The name that the values of a type are drawn under. */
  family(type: string): string {
    return this.familyOf.get(type) ?? type;
  }

  members(family: string): readonly string[] | undefined {
    return this.families.get(family);
  }

  /** The types that every subgraph that resolves the field can answer with. */
  possible(type: string, field: string): readonly string[] {
    return [...(this.types.get(`${this.family(type)}.${field}`) ?? [])].sort();
  }

  /** The type's name in a subgraph, where it may be an interface object, or a query type with a name of its own. */
  nameIn(subgraph: string, type: string): string {
    if (type === 'Query') return this.parts.get(subgraph)?.getQueryType()?.name ?? type;
    return isObjectType(this.parts.get(subgraph)?.getType(type)) ? type : this.family(type);
  }

  /** The name in the whole of a subgraph's type. */
  nameOf(subgraph: string, type: string): string {
    return wholeName(this.parts.get(subgraph), type);
  }

  /** The selection of a field's `@requires` in a subgraph. */
  requirement(subgraph: string, type: string, field: string): SelectionSetNode | undefined {
    const definition = fieldsOf(this.parts.get(subgraph)?.getType(type))[field];
    return definition ? fieldSets(definition.astNode, 'requires')[0] : undefined;
  }

  /** The requirement of a field in whichever subgraph resolves it. */
  anyRequirement(type: string, field: string): SelectionSetNode | undefined {
    for (const name of this.parts.keys()) {
      const found = this.requirement(name, this.nameIn(name, type), field);
      if (found) return found;
    }
    return undefined;
  }

  keys(subgraph: string, type: string): SelectionSetNode[] {
    const named = this.parts.get(subgraph)?.getType(type);
    return isObjectType(named) || isInterfaceType(named) ? fieldSets(named.astNode, 'key') : [];
  }

  /** Whether the field is a key somewhere, or part of one. */
  isKey(type: string, field: string): boolean {
    return this.keyed.has(`${this.family(type)}.${field}`);
  }

  arguments(type: string, node: FieldNode): Record<string, unknown> {
    const definition = fieldsOf(this.whole.getType(type))[node.name.value];
    return definition ? getArgumentValues(definition, node, {}) : {};
  }

  private readFamilies(part: GraphQLSchema): void {
    for (const type of Object.values(part.getTypeMap())) {
      if (!isInterfaceType(type) || fieldSets(type.astNode, 'key').length === 0) continue;
      const members = part.getPossibleTypes(type).map(({ name }) => name);
      this.families.set(type.name, members.sort());
      for (const member of members) this.familyOf.set(member, type.name);
    }
  }

  private readPart(part: GraphQLSchema): void {
    for (const type of Object.values(part.getTypeMap())) {
      if (type.name.startsWith('__') || !(isObjectType(type) || isInterfaceType(type))) continue;
      for (const key of fieldSets(type.astNode, 'key')) this.name(part, type, key, [this.named, this.keyed]);
      for (const field of Object.values(type.getFields())) {
        for (const requires of fieldSets(field.astNode, 'requires')) this.name(part, type, requires, [this.named]);
        if (isObjectType(type))
          this.addPossible(part, `${this.family(wholeName(part, type.name))}.${field.name}`, getNamedType(field.type));
      }
    }
  }

  private addPossible(part: GraphQLSchema, coordinate: string, type: unknown): void {
    if (!isAbstractType(type as GraphQLCompositeType)) return;
    const possible = part.getPossibleTypes(type as never).map(({ name }) => wholeName(part, name));
    const known = this.types.get(coordinate);
    this.types.set(coordinate, new Set(known ? possible.filter((name) => known.has(name)) : possible));
  }

  private name(
    part: GraphQLSchema,
    type: GraphQLCompositeType,
    { selections }: SelectionSetNode,
    sets: Set<string>[],
  ): void {
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const on = part.getType(selection.typeCondition?.name.value ?? type.name);
        if (isCompositeType(on)) this.name(part, on, selection.selectionSet, sets);
      } else if (selection.kind === Kind.FIELD) {
        const { value } = selection.name;
        for (const set of sets) set.add(`${this.family(type.name)}.${value}`);
        if (isInterfaceType(type)) {
          for (const { name } of part.getPossibleTypes(type)) this.named.add(`${this.family(name)}.${value}`);
        }
        const next = getNamedType(fieldsOf(type)[value]?.type);
        if (selection.selectionSet && isCompositeType(next)) this.name(part, next, selection.selectionSet, sets);
      }
    }
  }
}

const wholeName = (part: GraphQLSchema | undefined, type: string): string =>
  type === part?.getQueryType()?.name ? 'Query' : type;

export const fieldsOf = (type: unknown) => (isObjectType(type) || isInterfaceType(type) ? type.getFields() : {});

/** The `fields` of every application of a directive. */
function fieldSets(node: { directives?: NonNullable<Directives>['directives'] } | null | undefined, directive: string) {
  return (node?.directives ?? []).flatMap(({ name, arguments: given }): SelectionSetNode[] => {
    const fields = given?.find((argument) => argument.name.value === 'fields')?.value;
    if (name.value !== directive || fields?.kind !== Kind.STRING) return [];
    const [definition] = parse(`{ ${fields.value} }`, { noLocation: true }).definitions;
    return definition?.kind === Kind.OPERATION_DEFINITION ? [definition.selectionSet] : [];
  });
}
