import { type ConstDirectiveNode, type DocumentNode, Kind } from 'graphql';

/** The interfaces that some subgraph knows as an `@interfaceObject`. */
export const interfaceObjects = ({ definitions }: DocumentNode): ReadonlySet<string> =>
  new Set(
    definitions.flatMap((node) =>
      node.kind === Kind.INTERFACE_TYPE_DEFINITION && node.directives?.some(saysSo) ? [node.name.value] : [],
    ),
  );

const saysSo = ({ name, arguments: given = [] }: ConstDirectiveNode): boolean =>
  name.value === 'join__type' &&
  given.some(({ name, value }) => name.value === 'isInterfaceObject' && value.kind === Kind.BOOLEAN && value.value);
