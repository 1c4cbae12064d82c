import {
  type GraphQLSchema,
  Kind,
  parse,
  print,
  type SelectionNode,
  stripIgnoredCharacters,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/**
 * The request without fragments on its subgraph's root types, which need none: a supergraph calls them Query, Mutation and
 * Subscription, and does not say what they are called there.
 * @param schema the subgraph as the supergraph describes it.
 */
export function withoutRootConditions(operation: string, schema: GraphQLSchema | undefined): string {
  if (!schema || !rootCondition.test(operation)) return operation;
  const types = new TypeInfo(schema);
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const changed = visit(
    parse(operation, { noLocation: true }),
    visitWithTypeInfo(types, {
      enter: (node) => {
        if (node.kind !== Kind.INLINE_FRAGMENT) return undefined;
        const parent = types.getParentType();
        const isOnRoot = roots.some((root) => root && root === parent && root.name === node.typeCondition?.name.value);
        return isOnRoot ? { ...node, typeCondition: undefined } : undefined;
      },
      leave: (node) =>
        node.kind === Kind.SELECTION_SET ? { ...node, selections: node.selections.flatMap(unwrapped) } : undefined,
    }),
  );
  return stripIgnoredCharacters(print(changed));
}

/** Roots are renamed by composition. */
const rootCondition = /\bon (Query|Mutation|Subscription)\b/;

/** What stands in a fragment that says nothing. */
const unwrapped = (selection: SelectionNode): readonly SelectionNode[] =>
  selection.kind === Kind.INLINE_FRAGMENT && !selection.typeCondition && !selection.directives?.length
    ? selection.selectionSet.selections
    : [selection];
