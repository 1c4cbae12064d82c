import {
  type DocumentNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  type InterfaceTypeDefinitionNode,
  isTypeDefinitionNode,
  Kind,
  type NamedTypeNode,
  type ObjectTypeDefinitionNode,
  specifiedScalarTypes,
  type TypeDefinitionNode,
  type TypeNode,
} from 'graphql';
import type { FieldPermission } from './permitted-fields.js';

type TypeWithFields = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

/** A schema document without what is not permitted, nor what only that led to. The query type stays, if need be without a field. */
export function visibleDocument(
  { definitions }: DocumentNode,
  permitted: FieldPermission,
  roots: { readonly query: string; readonly others: readonly string[] },
): DocumentNode {
  const types = new Types(definitions.filter(isTypeDefinitionNode), permitted, roots.query);
  const directives = definitions.filter((definition) => definition.kind === Kind.DIRECTIVE_DEFINITION);
  const reachable = types.reachableFrom([
    roots.query,
    ...roots.others,
    ...directives.flatMap((directive) => namesOf(directive.arguments)),
  ]);
  const operations = definitions.flatMap((definition) =>
    definition.kind === Kind.SCHEMA_DEFINITION
      ? {
          ...definition,
          operationTypes: definition.operationTypes.filter(({ type }) => reachable.some(named(type.name.value))),
        }
      : [],
  );
  return { kind: Kind.DOCUMENT, definitions: [...operations, ...directives, ...reachable] };
}

/** The types that are left; taking one away can take others with it. */
class Types {
  private readonly byName = new Map<string, TypeDefinitionNode>();

  constructor(
    definitions: readonly TypeDefinitionNode[],
    permitted: FieldPermission,
    private readonly query: string,
  ) {
    for (const type of definitions) {
      const name = type.name.value;
      if (hasFields(type)) this.set(withFields(type, (field) => permitted.field(name, field.name.value)));
      else if (type.kind !== Kind.UNION_TYPE_DEFINITION || permitted.type(name)) this.set(type);
    }
    while (this.settle());
  }

  /** In the order of the document, without references to types that are not there. */
  reachableFrom(names: readonly string[]): TypeDefinitionNode[] {
    const reached = new Set<string>();
    const waiting = [...names];
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      const type = this.byName.get(name);
      if (!type || reached.has(name)) continue;
      reached.add(name);
      waiting.push(...this.namedBy(type));
    }
    return [...this.byName.values()].filter(({ name }) => reached.has(name.value));
  }

  private set(type: TypeDefinitionNode): void {
    this.byName.set(type.name.value, type);
  }

  /** Takes away what has become senseless; answers whether there was something. */
  private settle(): boolean {
    let changed = false;
    for (const [name, type] of this.byName) {
      const left = this.left(type);
      if (left === type) continue;
      changed = true;
      if (left) this.set(left);
      else this.byName.delete(name);
    }
    return changed;
  }

  /** The type itself when nothing of it has to go; undefined when all of it has. */
  private left(type: TypeDefinitionNode): TypeDefinitionNode | undefined {
    if (type.kind === Kind.UNION_TYPE_DEFINITION) {
      const members = type.types?.filter((member) => this.has(member)) ?? [];
      if (members.length === 0) return undefined;
      return members.length === type.types?.length ? type : { ...type, types: members };
    }
    if (!hasFields(type)) return type;
    if (!type.fields?.length && type.name.value !== this.query) return undefined;
    const implementers = this.implementersOf(type.name.value);
    const usable = withFields(
      type,
      (field) => this.has(field.type) && implementers.every((implementer) => hasField(implementer, field.name.value)),
    );
    const interfaces = type.interfaces?.filter((each) => this.has(each)) ?? [];
    const complete =
      usable.fields?.length === type.fields?.length && interfaces.length === (type.interfaces?.length ?? 0);
    return complete ? type : { ...usable, interfaces };
  }

  private has(type: TypeNode): boolean {
    const name = nameOf(type);
    return this.byName.has(name) || specifiedScalarTypes.some((scalar) => scalar.name === name);
  }

  private implementersOf(name: string): TypeWithFields[] {
    return [...this.byName.values()]
      .filter(hasFields)
      .filter(({ interfaces }) => interfaces?.some((each) => each.name.value === name));
  }

  private namedBy(type: TypeDefinitionNode): string[] {
    switch (type.kind) {
      case Kind.OBJECT_TYPE_DEFINITION:
      case Kind.INTERFACE_TYPE_DEFINITION:
        return [
          ...(type.fields ?? []).flatMap((field) => [nameOf(field.type), ...namesOf(field.arguments)]),
          ...(type.interfaces ?? []).map(nameOf),
          ...this.implementersOf(type.name.value).map(({ name }) => name.value),
        ];
      case Kind.UNION_TYPE_DEFINITION:
        return (type.types ?? []).map(nameOf);
      case Kind.INPUT_OBJECT_TYPE_DEFINITION:
        return namesOf(type.fields);
      case Kind.ENUM_TYPE_DEFINITION:
      case Kind.SCALAR_TYPE_DEFINITION:
        return [];
    }
  }
}

const hasFields = (type: TypeDefinitionNode): type is TypeWithFields =>
  type.kind === Kind.OBJECT_TYPE_DEFINITION || type.kind === Kind.INTERFACE_TYPE_DEFINITION;

const hasField = ({ fields }: TypeWithFields, name: string): boolean => fields?.some(named(name)) ?? false;

const named =
  (wanted: string) =>
  ({ name }: { name: { value: string } }): boolean =>
    name.value === wanted;

const withFields = (type: TypeWithFields, keep: (field: FieldDefinitionNode) => boolean): TypeWithFields => ({
  ...type,
  fields: type.fields?.filter(keep),
});

const namesOf = (inputs: readonly InputValueDefinitionNode[] = []): string[] => inputs.map(({ type }) => nameOf(type));

function nameOf(type: TypeNode | NamedTypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type);
}
