export { audienceOf } from './audience-of.js';
export { followEvents } from './follow-events.js';
export { registerInvalidation } from './invalidation-endpoint.js';
export { openResponseCache } from './open-response-cache.js';
export { type CacheConfig, cacheOption, cachingOf, formatsByPlace } from './options.js';
