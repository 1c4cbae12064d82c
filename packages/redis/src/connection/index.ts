export type { Redis } from 'ioredis';
export { connectRedis, redisComponent, redisHealthCheck } from './connect-redis.js';
