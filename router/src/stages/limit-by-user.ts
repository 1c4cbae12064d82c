import type { RateLimits } from '../rate-limits/index.js';
import type { BeforeStage } from '../stage.js';

/** Counts the operation against the user, from whichever address it comes. */
export const limitByUser =
  (limits: RateLimits): BeforeStage<'standings' | 'caller'> =>
  async ({ standings, clientIp, caller: { userId } }) => {
    standings.push(...(await limits.byUser({ clientIp, userId })));
  };
