import type { SubgraphRequest } from '@platform/federation-engine';
import { LosslessNumber, parseJson } from '@platform/foundation/json';
import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLSchema,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  Kind,
  type ValueNode,
  valueFromAST,
} from 'graphql';

/** Numbers that one double stands for, next to each other, and those that a double is written otherwise than. */
export const numberTexts = [
  '9007199254740992',
  '9007199254740993',
  '-9223372036854775808',
  '-9223372036854775807',
  '18446744073709551615',
  '1',
];
export const decimalTexts = [...numberTexts, '1.0', '0.10000000000000000001', '1e400', '-0'];

/** The keys of entities from a number on, which doubles take for each other. */
const FIRST_KEY = 9_007_199_254_740_992n;
export const longKey = (seed: number): string => String(FIRST_KEY + BigInt(seed));
export const seedOfKey = (key: unknown): number =>
  /^\d{16,}$/.test(String(key)) ? Number(BigInt(String(key)) - FIRST_KEY) : Number(key);

/** An ID that a client gives as a number. */
export class NumericId extends LosslessNumber {}

/** An answer of a subgraph that says ids as numbers, read as one that comes over a network. */
export const withNumericIds = <T>(response: T, { exactFields }: SubgraphRequest): T =>
  parseJson(JSON.stringify(response).replace(/"id":"(\d+)"/g, '"id":$1'), exactFields) as T;

/** What graphql-js makes of a client's variables where numbers are exact: it would read numeric ids as doubles. */
export function readByGraphqlJs<T>(variables: T): T {
  if (variables instanceof NumericId) return variables.text as T;
  if (variables instanceof LosslessNumber) return variables;
  if (Array.isArray(variables)) return variables.map(readByGraphqlJs) as T;
  if (typeof variables !== 'object' || variables === null) return variables;
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, readByGraphqlJs(value)])) as T;
}

/**
 * graphql-js with exact numbers: custom scalars take literals and defaults as they are written.
 * @param written the same types with their defaults in SDL.
 */
export function withExactNumbers(schema: GraphQLSchema, written: GraphQLSchema = schema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isScalarType(type) && !isSpecifiedScalarType(type)) type.parseLiteral = exactValue;
  }
  for (const type of Object.values(schema.getTypeMap())) {
    const origin = written.getType(type.name);
    if (isInputObjectType(type) && isInputObjectType(origin)) setDefaults(type.getFields(), origin.getFields());
    if (!(isObjectType(type) || isInterfaceType(type)) || !(isObjectType(origin) || isInterfaceType(origin))) continue;
    for (const [name, field] of Object.entries(type.getFields()))
      setDefaults(byName(field.args), byName(origin.getFields()[name]?.args ?? []));
  }
  return schema;
}

type Inputs = Record<string, GraphQLArgument | GraphQLInputField>;

const byName = (given: readonly GraphQLArgument[]): Inputs =>
  Object.fromEntries(given.map((argument) => [argument.name, argument]));

function setDefaults(inputs: Inputs, written: Inputs): void {
  for (const [name, input] of Object.entries(inputs)) {
    const value = written[name]?.astNode?.defaultValue;
    if (value) input.defaultValue = valueFromAST(value, input.type);
  }
}

function exactValue(node: ValueNode, variables?: Readonly<Record<string, unknown>> | null): unknown {
  switch (node.kind) {
    case Kind.INT:
    case Kind.FLOAT:
      return new LosslessNumber(node.value);
    case Kind.LIST:
      return node.values.map((item) => exactValue(item, variables));
    case Kind.OBJECT:
      return Object.fromEntries(node.fields.map(({ name, value }) => [name.value, exactValue(value, variables)]));
    case Kind.VARIABLE:
      return variables?.[node.name.value];
    case Kind.NULL:
      return null;
    default:
      return node.value;
  }
}
