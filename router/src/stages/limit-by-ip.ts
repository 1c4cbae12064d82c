import type { Stage } from '../operation.js';
import type { RateLimits } from '../rate-limits/index.js';

/** Counts the operation against its address, before anything is done for it: guessing tokens is limited too. */
export const limitByIp =
  (limits: RateLimits): Stage =>
  async (context, next) => {
    context.standings?.push(...(await limits.byIp(context)));
    return next();
  };
