import type { BeforeStage } from '../stage.js';

/** Holds the variables against what the operation declares, and gives them the types that it says. */
export const coerceVariables =
  (): BeforeStage<'engine' | 'request' | 'operation', 'variables'> =>
  ({ engine, request, operation }) => ({ variables: engine.coerceVariables(operation, request.variables) });
