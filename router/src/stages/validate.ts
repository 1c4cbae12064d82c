import { MutationNotAllowed } from '../errors.js';
import { required, type Stage } from '../operation.js';

/** Holds the document, the chosen operation and the variables against the API schema. */
export const validate = (): Stage => (context, next) => {
  const engine = required(context, 'engine');
  const document = required(context, 'document');
  engine.validate(document);
  const operation = engine.operation(document, context.request.operationName);
  if (operation.node.operation === 'mutation' && !context.mutationsAllowed) throw new MutationNotAllowed();
  context.operation = operation;
  context.variables = engine.coerceVariables(operation, context.request.variables);
  return next();
};
