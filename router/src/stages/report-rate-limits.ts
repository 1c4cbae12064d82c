import { toErrorResponse } from '../error-response.js';
import type { Answer, Stage } from '../operation.js';
import { RateLimitExceeded, type RateLimits, rateLimitHeaders } from '../rate-limits/index.js';

/** Tells clients in headers how the limits stand that their operation has met, and refuses with 429 where one is exceeded. */
export const reportRateLimits =
  (limits: RateLimits): Stage =>
  async (context, next) => {
    context.standings = [];
    const answer = await next().catch((error: unknown): Answer => {
      if (!(error instanceof RateLimitExceeded)) throw error;
      context.standings?.push(...error.standings);
      return toErrorResponse(error);
    });
    if ('stream' in answer || !limits.rules.headers || context.standings.length === 0) return answer;
    return { ...answer, headers: { ...rateLimitHeaders(context.standings), ...answer.headers } };
  };
