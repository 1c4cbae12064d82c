import type { Engine } from '../engine/index.js';
import type { Stage } from '../operation.js';

/** Text to document. Limited in tokens, since validating an oversized document is itself the attack. */
export const parse =
  (engine: Engine): Stage =>
  (context, next) => {
    context.document = engine.parse(context.request.query);
    return next();
  };
