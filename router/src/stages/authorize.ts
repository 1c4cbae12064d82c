import { rightsOf } from '../callers/rights-of.js';
import type { Engine } from '../engine/index.js';
import { required, type Stage } from '../operation.js';

/** Takes out of the operation what the caller may not have, before anything is planned. */
export const authorize =
  (engine: Engine): Stage =>
  (context, next) => {
    const rights = rightsOf(required(context, 'caller'), required(context, 'scopes'));
    context.authorized = engine.authorize(required(context, 'operation'), rights);
    return next();
  };
