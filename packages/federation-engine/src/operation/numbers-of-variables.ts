import { LosslessNumber } from '@platform/foundation/json';
import {
  GraphQLID,
  type GraphQLInputType,
  type GraphQLSchema,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  isScalarType,
  isSpecifiedScalarType,
  type OperationDefinitionNode,
  typeFromAST,
} from 'graphql';

/** What a client gave, with doubles where the types of GraphQL itself stand, and integers of any size as text for ID. Custom scalars take numbers as they were written. */
export function numbersOfVariables(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const fitted: Record<string, unknown> = { ...given };
  for (const { variable, type } of variableDefinitions) {
    const name = variable.name.value;
    const inputType = typeFromAST(schema, type);
    if (Object.hasOwn(given, name) && isInputType(inputType)) fitted[name] = fit(given[name], inputType);
  }
  return fitted;
}

function fit(value: unknown, type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return fit(value, type.ofType);
  if (typeof value !== 'object' || value === null) return value;
  if (isListType(type))
    return Array.isArray(value) ? value.map((item) => fit(item, type.ofType)) : fit(value, type.ofType);
  if (isScalarType(type) && !isSpecifiedScalarType(type)) return value;
  if (value instanceof LosslessNumber) return type === GraphQLID ? identifier(value) : Number(value);
  if (!isInputObjectType(type) || Array.isArray(value)) return value;
  const fields = type.getFields();
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => {
      const known = Object.hasOwn(fields, name) ? fields[name] : undefined;
      return [name, known ? fit(field, known.type) : field];
    }),
  );
}

const integer = /^(?:0|-?[1-9]\d*)$/;

/** `1.0` is an integer to JavaScript; what is none is refused by its type. */
function identifier(value: LosslessNumber): unknown {
  if (integer.test(value.text)) return value.text;
  const double = Number(value);
  return Number.isInteger(double) && !Number.isSafeInteger(double) ? Number.NaN : double;
}
