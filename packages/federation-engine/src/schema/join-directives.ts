import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
} from 'graphql';

/** The subgraphs that `join__Graph` lists: the name of each by its enum value. */
export function graphNames({ definitions }: DocumentNode): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const node of definitions) {
    if (node.kind !== Kind.ENUM_TYPE_DEFINITION || node.name.value !== 'join__Graph') continue;
    for (const { name, directives = [] } of node.values ?? []) {
      names.set(name.value, directives.map((directive) => textArgument(directive, 'name')).find(Boolean) ?? name.value);
    }
  }
  return names;
}

/** The object types and interfaces of a supergraph. */
export const fieldsTypes = ({ definitions }: DocumentNode) =>
  definitions.filter(
    (node): node is ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode =>
      node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION,
  );

/** An argument that is a string or an enum value. */
export function textArgument({ arguments: given = [] }: ConstDirectiveNode, argument: string): string | undefined {
  const value = given.find(({ name }) => name.value === argument)?.value;
  return value?.kind === Kind.STRING || value?.kind === Kind.ENUM ? value.value : undefined;
}

/** The outermost fields of a field set such as `id organization { id }`, within fragments too. */
export function outermostNames(fieldSet: string): string[] {
  const [operation] = parse(`{ ${fieldSet} }`, { noLocation: true }).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) return [];
  return operation.selectionSet.selections
    .flatMap((selection) => (selection.kind === Kind.INLINE_FRAGMENT ? selection.selectionSet.selections : selection))
    .filter((selection): selection is FieldNode => selection.kind === Kind.FIELD)
    .map(({ name }) => name.value);
}
