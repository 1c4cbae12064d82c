import { toErrorResponse } from '../error-response.js';
import type { Answer } from '../operation.js';
import { RateLimitExceeded, type RateLimitState, type RateLimits, rateLimitHeaders } from '../rate-limits/index.js';
import type { AroundStage } from '../stage.js';

/** Tells clients in headers how the limits stand that their operation has met, and refuses with 429 where one is exceeded. */
export const reportRateLimits =
  (limits: RateLimits): AroundStage<never, 'standings'> =>
  async (_context, next) => {
    const standings: RateLimitState[] = [];
    const answer = await next({ standings }).catch((error: unknown): Answer => {
      if (!(error instanceof RateLimitExceeded)) throw error;
      standings.push(...error.standings);
      return toErrorResponse(error);
    });
    if ('stream' in answer || !limits.rules.headers || standings.length === 0) return answer;
    return { ...answer, headers: { ...rateLimitHeaders(standings), ...answer.headers } };
  };
