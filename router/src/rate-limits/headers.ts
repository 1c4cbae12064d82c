import type { RateLimitState } from './limit.js';

/** The tightest limit, as draft-ietf-httpapi-ratelimit-headers-06 has it and as X-RateLimit-* are commonly read: seconds until the count is forgotten. */
export function rateLimitHeaders(standings: readonly RateLimitState[]): Record<string, string> {
  let tightest: RateLimitState | undefined;
  for (const standing of standings) {
    if (!tightest || share(standing) < share(tightest)) tightest = standing;
  }
  if (!tightest) return {};
  const { take, remaining, resetAfterMs, retryAfterMs } = tightest;
  const reset = String(Math.ceil((retryAfterMs || resetAfterMs) / 1000));
  return {
    'ratelimit-policy': standings.map(policy).join(', '),
    'ratelimit-limit': String(take.limit),
    'ratelimit-remaining': String(remaining),
    'ratelimit-reset': reset,
    'x-ratelimit-limit': String(take.limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': reset,
  };
}

const share = ({ allowed, remaining, take }: RateLimitState): number => (allowed ? remaining / take.limit : -1);

const policy = ({ take }: RateLimitState): string => `${take.limit};w=${Math.ceil(take.window / 1000)}`;
