import type { Engine } from '../engine/index.js';
import { MutationNotAllowed } from '../errors.js';
import { required, type Stage } from '../operation.js';

/** Holds the document, the chosen operation and the variables against the API schema. */
export const validate =
  (engine: Engine): Stage =>
  (context, next) => {
    const document = required(context, 'document');
    engine.validate(document);
    const operation = engine.operation(document, context.request.operationName);
    if (operation.node.operation === 'mutation' && !context.mutationsAllowed) throw new MutationNotAllowed();
    context.operation = operation;
    context.variables = engine.coerceVariables(operation, context.request.variables);
    return next();
  };
