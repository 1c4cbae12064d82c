import { type ConstDirectiveNode, type DocumentNode, Kind, visit } from 'graphql';

/**
 * Puts the keys that a subgraph resolves before those it only mentions. To come back to a subgraph with what a
 * `@requires` needs, the planner takes the first key of the type there, whether that subgraph can resolve it or not.
 */
export const resolvableKeysFirst = (supergraph: DocumentNode): DocumentNode => {
  const order = <T extends { readonly directives?: readonly ConstDirectiveNode[] }>(node: T): T | undefined => {
    const { directives = [] } = node;
    if (!directives.some(isMentioned)) return undefined;
    return { ...node, directives: [...directives].sort((a, b) => Number(isMentioned(a)) - Number(isMentioned(b))) };
  };
  return visit(supergraph, { ObjectTypeDefinition: order, InterfaceTypeDefinition: order });
};

const isMentioned = ({ name, arguments: given = [] }: ConstDirectiveNode): boolean =>
  name.value === 'join__type' &&
  given.some(({ name, value }) => name.value === 'resolvable' && value.kind === Kind.BOOLEAN && !value.value);
