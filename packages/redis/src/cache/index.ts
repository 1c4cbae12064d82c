export type { Cache } from './cache.js';
export { CacheMetrics } from './cache-metrics.js';
export { MemoryCache } from './memory-cache.js';
export { RedisCache } from './redis-cache.js';
