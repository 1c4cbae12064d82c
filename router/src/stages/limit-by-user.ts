import { required, type Stage } from '../operation.js';
import type { RateLimits } from '../rate-limits/index.js';

/** Counts the operation against the user, from whichever address it comes. */
export const limitByUser =
  (limits: RateLimits): Stage =>
  async (context, next) => {
    const { userId } = required(context, 'caller');
    context.standings?.push(...(await limits.byUser({ clientIp: context.clientIp, userId })));
    return next();
  };
