import type { RateLimits } from '../rate-limits/index.js';
import type { BeforeStage } from '../stage.js';
import { countedAs } from './counted-as.js';

/** Counts the operation against the user or the service account, from whichever address and by whichever key it comes. */
export const limitByUser =
  (limits: RateLimits): BeforeStage<'standings' | 'caller'> =>
  async ({ standings, clientIp, caller }) => {
    standings.push(...(await limits.byUser({ clientIp, userId: countedAs(caller) })));
  };
