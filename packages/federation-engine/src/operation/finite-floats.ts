import { GraphQLError, GraphQLFloat, getNamedType, type ValidationRule, type ValueNode } from 'graphql';

/** A Float is a double: what is beyond the largest is none (GraphQL specification, 3.5.2). graphql-js takes it for infinity. */
export const finiteFloats: ValidationRule = (context) => {
  const check = (node: ValueNode & { readonly value: string }): void => {
    const type = context.getInputType();
    if (!type || getNamedType(type) !== GraphQLFloat || Number.isFinite(Number(node.value))) return;
    context.reportError(new GraphQLError('Float cannot represent a value as large as this.', { nodes: [node] }));
  };
  return { FloatValue: check, IntValue: check };
};
