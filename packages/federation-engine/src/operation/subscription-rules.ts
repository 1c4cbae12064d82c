import {
  type DirectiveNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
  SingleFieldSubscriptionsRule,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';

/**
 * What a subscription's root may be: one field, on no condition (https://spec.graphql.org/September2025/#sec-Single-root-field). GraphQL.js
 * looks at the former with the values of variables, of which there are none yet: it is asked where there is no condition alone.
 */
export const subscriptionRoots: ValidationRule = (context) => {
  const { OperationDefinition: singleField } = SingleFieldSubscriptionsRule(context) as {
    OperationDefinition(node: OperationDefinitionNode): void;
  };
  return {
    OperationDefinition(node) {
      if (node.operation !== OperationTypeNode.SUBSCRIPTION) return;
      const conditions = conditionsOf(node.selectionSet, context);
      if (conditions.length === 0) return singleField(node);
      const message = 'A subscription must not use @skip or @include on its root field.';
      context.reportError(new GraphQLError(message, { nodes: conditions }));
    },
  };
};

/** @param seen fragments that were looked at, also those in circles. */
function conditionsOf(
  { selections }: SelectionSetNode,
  context: ValidationContext,
  seen = new Set<FragmentDefinitionNode>(),
): DirectiveNode[] {
  return selections.flatMap((selection) => {
    const own = (selection.directives ?? []).filter(({ name }) => name.value === 'skip' || name.value === 'include');
    if (selection.kind === Kind.FIELD) return own;
    if (selection.kind === Kind.INLINE_FRAGMENT)
      return [...own, ...conditionsOf(selection.selectionSet, context, seen)];
    const fragment = context.getFragment(selection.name.value);
    if (!fragment || seen.has(fragment)) return own;
    seen.add(fragment);
    return [...own, ...conditionsOf(fragment.selectionSet, context, seen)];
  });
}
