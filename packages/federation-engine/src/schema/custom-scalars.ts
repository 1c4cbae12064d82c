import { numberOf } from '@platform/foundation/json';
import {
  type GraphQLSchema,
  isScalarType,
  isSpecifiedScalarType,
  Kind,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';
import type { WrittenDefaults } from './written-defaults.js';

type Variables = Readonly<Record<string, unknown>> | null | undefined;

/** Literals of custom scalars, and defaults, come to values with numbers as they are written. Changes the schema. */
export function withExactScalars(schema: GraphQLSchema, defaults: WrittenDefaults): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isScalarType(type) && !isSpecifiedScalarType(type)) type.parseLiteral = literalValue;
  }
  defaults.setIn(schema);
  return schema;
}

function literalValue(node: ValueNode, variables: Variables): unknown {
  switch (node.kind) {
    case Kind.INT:
    case Kind.FLOAT:
      return numberOf(node.value);
    case Kind.LIST:
      return node.values.map((item) => literalValue(item, variables));
    case Kind.OBJECT:
      return Object.fromEntries(node.fields.map(({ name, value }) => [name.value, literalValue(value, variables)]));
    default:
      return valueFromASTUntyped(node, variables as Parameters<typeof valueFromASTUntyped>[1]);
  }
}
