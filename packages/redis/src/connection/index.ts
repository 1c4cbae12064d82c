export type { Redis } from 'ioredis';
export { connectRedis, redisHealthCheck, redisPart } from './connect-redis.js';
export { OutageGuard } from './outage-guard.js';
