export { randomRuns } from './environment.js';
export * from './mail-server.js';
export * from './service-proxy.js';
export { createTestDatabase, type TestDatabase } from './test-database.js';
export { describeWithRedis } from './with-redis.js';
