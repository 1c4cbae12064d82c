import { type GraphQLSchema, getVariableValues, type OperationDefinitionNode } from 'graphql';
import { InvalidVariables } from '../errors.js';
import type { IsDeferred } from './deferral.js';
import type { Condition } from './selection-tree.js';

/** Variables after coercion: defaults filled in, every value of its declared type. */
export type Variables = Readonly<Record<string, unknown>>;

const maxErrors = 20;

/** Throws InvalidVariables (`BAD_USER_INPUT`) with one entry per mistake. */
export function coerceVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  given: Record<string, unknown> = {},
): Variables {
  const { errors, coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], given, { maxErrors });
  if (errors) throw new InvalidVariables(errors.map((error) => error.toJSON()));
  return coerced;
}

export const conditionsHold = (conditions: readonly Condition[], variables: Variables): boolean =>
  conditions.every(({ variable, skip }) => Boolean(variables[variable]) !== skip);

/** Which fragments the variables put off. */
export const deferredBy =
  (variables: Variables): IsDeferred =>
  ({ variable }) =>
    variable === undefined || variables[variable] === true;
