import { type GraphQLSchema, getVariableValues, type OperationDefinitionNode } from 'graphql';
import { InvalidVariables } from '../errors.js';
import type { Condition } from './selection-tree.js';
import { withoutSuggestion } from './suggestions.js';

/** Variables after coercion: defaults filled in, every value of its declared type. */
export type Variables = Readonly<Record<string, unknown>>;

const maxErrors = 20;

/** Throws InvalidVariables (`BAD_USER_INPUT`) with one entry per mistake. */
export function coerceVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  given: Record<string, unknown> = {},
  suggestions = true,
): Variables {
  const { errors, coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], given, { maxErrors });
  if (errors) {
    const told = errors.map((error) => error.toJSON());
    throw new InvalidVariables(suggestions ? told : told.map(withoutSuggestion));
  }
  return coerced;
}

export const conditionsHold = (conditions: readonly Condition[], variables: Variables): boolean =>
  conditions.every(({ variable, skip }) => Boolean(variables[variable]) !== skip);
