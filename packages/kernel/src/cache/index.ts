export type { Redis } from 'ioredis';
export type { Cache } from './cache.js';
export { connectRedis, redisHealthCheck, redisPart } from './connect-redis.js';
export { MemoryCache } from './memory-cache.js';
export { RedisCache } from './redis-cache.js';
