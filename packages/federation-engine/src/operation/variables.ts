import { LosslessNumber } from '@platform/foundation/json';
import { type GraphQLSchema, getVariableValues, type OperationDefinitionNode } from 'graphql';
import { InvalidVariables } from '../base/errors.js';
import type { IsDeferred } from './deferral.js';
import { numbersOfVariables } from './numbers-of-variables.js';
import { underPlannedNames } from './planned-variables.js';
import type { Condition } from './selection-tree.js';

/** Variables after coercion: defaults filled in, every value of its declared type; some under a second name that plans call them by. */
export type Variables = Readonly<Record<string, unknown>>;

const maxErrors = 20;

/** Throws InvalidVariables (`BAD_USER_INPUT`) with one entry per mistake, or for values nested deeper than `maxDepth`. */
export function coerceVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  given: Record<string, unknown> = {},
  { maxDepth = Number.POSITIVE_INFINITY, suggestions = true }: { maxDepth?: number; suggestions?: boolean } = {},
): Variables {
  if (isDeeper(given, maxDepth)) {
    throw new InvalidVariables([{ message: `Variables may not be nested deeper than ${maxDepth} levels.` }]);
  }
  const fitted = numbersOfVariables(schema, operation, given);
  const { errors, coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], fitted, {
    maxErrors,
    hideSuggestions: !suggestions,
  });
  if (errors) throw new InvalidVariables(errors.map((error) => error.toJSON()));
  return Object.assign(Object.create(null), coerced, underPlannedNames(coerced));
}

/** Level by level, since everything after this goes down by recursion. */
function isDeeper(variables: Record<string, unknown>, maxDepth: number): boolean {
  let level: object[] = [variables];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth) return true;
    level = level.flatMap((value) =>
      Object.values(value).filter(
        (field) => typeof field === 'object' && field !== null && !(field instanceof LosslessNumber),
      ),
    );
  }
  return false;
}

export const conditionsHold = (conditions: readonly Condition[], variables: Variables): boolean =>
  conditions.every(({ variable, skip }) => Boolean(variables[variable]) !== skip);

/** Which fragments the variables put off. */
export const deferredBy =
  (variables: Variables): IsDeferred =>
  ({ variable }) =>
    variable === undefined || variables[variable] === true;
