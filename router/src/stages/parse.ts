import { required, type Stage } from '../operation.js';

/** Text to document. Limited in tokens, since validating an oversized document is itself the attack. */
export const parse = (): Stage => (context, next) => {
  context.document = required(context, 'engine').parse(context.request.query);
  return next();
};
