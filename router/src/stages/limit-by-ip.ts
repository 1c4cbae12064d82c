import type { RateLimits } from '../rate-limits/index.js';
import type { BeforeStage } from '../stage.js';

/** Counts the operation against its address, before anything is done for it: guessing tokens is limited too. Where a body is read, the transport has done so already. */
export const limitByIp =
  (limits: RateLimits): BeforeStage<'standings'> =>
  async ({ standings, counted, clientIp }) => {
    standings.push(...(await (counted ?? limits.byIp({ clientIp }))));
  };
