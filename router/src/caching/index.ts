export { audienceOf } from './audience-of.js';
export { followEvents } from './follow-events.js';
export { registerInvalidation } from './invalidation-endpoint.js';
export { openAnswers } from './open-answers.js';
export { type CacheConfig, cacheOption, cachingOf, formatsByPlace } from './options.js';
