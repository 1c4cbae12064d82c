export { randomRuns, runSetting } from './environment.js';
export { ExecutedStatements } from './executed-statements.js';
export * from './kafka/index.js';
export * from './mail-server.js';
export * from './service-proxy.js';
export { createTestDatabase, type TestDatabase } from './test-database.js';
export { useDatabase } from './use-database.js';
export { describeWhereKafkaRuns, describeWithKafka, type TestKafka } from './with-kafka.js';
export { describeWithRedis } from './with-redis.js';
