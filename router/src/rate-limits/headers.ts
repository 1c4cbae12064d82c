import type { Standing } from './limit.js';

/** The tightest limit, as draft-ietf-httpapi-ratelimit-headers-06 has it and as X-RateLimit-* are commonly read: seconds until the count is forgotten. */
export function rateLimitHeaders(standings: readonly Standing[]): Record<string, string> {
  let tightest: Standing | undefined;
  for (const standing of standings) {
    if (!tightest || share(standing) < share(tightest)) tightest = standing;
  }
  if (!tightest) return {};
  const { take, remaining, resetsIn, retryIn } = tightest;
  const reset = String(Math.ceil((retryIn || resetsIn) / 1000));
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

const share = ({ allowed, remaining, take }: Standing): number => (allowed ? remaining / take.limit : -1);

const policy = ({ take }: Standing): string => `${take.limit};w=${Math.ceil(take.window / 1000)}`;
