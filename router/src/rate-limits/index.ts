export { rateLimitHeaders } from './headers.js';
export type { Limit, RateLimitCharge, RateLimitState, RateStore } from './limit.js';
export { openRateLimits } from './open-rate-limits.js';
export { RateLimitExceeded, RateLimits } from './rate-limits.js';
export { rootFieldUses } from './root-fields.js';
export { type RateLimitRules, rateLimitOption } from './rules.js';
