import { type ConstDirectiveNode, type DocumentNode, Kind } from 'graphql';
import { fieldsTypes, textArgument } from './join-directives.js';

/** The interfaces that some subgraph knows as an `@interfaceObject`. */
export const interfaceObjects = ({ definitions }: DocumentNode): ReadonlySet<string> =>
  new Set(
    definitions.flatMap((node) =>
      node.kind === Kind.INTERFACE_TYPE_DEFINITION && node.directives?.some(saysSo) ? [node.name.value] : [],
    ),
  );

/**
 * The interfaces under which a subgraph may answer an interface object, with the names of those: an object of it then says
 * no more of its type than that.
 */
export function interfacesAround(supergraph: DocumentNode): ReadonlyMap<string, readonly string[]> {
  const around = new Map<string, string[]>();
  for (const { kind, directives = [], name } of fieldsTypes(supergraph)) {
    if (kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    const graphs = new Set(directives.filter(saysSo).map((directive) => textArgument(directive, 'graph')));
    for (const directive of directives) {
      const wider = directive.name.value === 'join__implements' && textArgument(directive, 'interface');
      if (!wider || !graphs.has(textArgument(directive, 'graph'))) continue;
      around.set(wider, [...new Set([...(around.get(wider) ?? []), name.value])]);
    }
  }
  return around;
}

const saysSo = ({ name, arguments: given = [] }: ConstDirectiveNode): boolean =>
  name.value === 'join__type' &&
  given.some(({ name, value }) => name.value === 'isInterfaceObject' && value.kind === Kind.BOOLEAN && value.value);
