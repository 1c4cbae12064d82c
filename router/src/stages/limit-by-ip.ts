import type { Stage } from '../operation.js';
import type { RateLimits } from '../rate-limits/index.js';

/** Counts the operation against its address, before anything is done for it: guessing tokens is limited too. Where a body is read, the transport has done so already. */
export const limitByIp =
  (limits: RateLimits): Stage =>
  async (context, next) => {
    context.standings?.push(...(await (context.counted ?? limits.byIp(context))));
    return next();
  };
