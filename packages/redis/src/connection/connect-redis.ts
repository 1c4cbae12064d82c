import { once } from 'node:events';
import type { RedisConfig } from '@platform/foundation/config';
import type { HealthCheck } from '@platform/foundation/health';
import type { LifecycleComponent } from '@platform/foundation/lifecycle';
import type { Logger } from '@platform/foundation/logging';
import { Redis } from 'ioredis';
import { outageLogOf } from '../outage/index.js';

/**
 * One shared connection that never makes a caller wait for Redis: commands fail at once while it is unavailable
 * and after `commandTimeout` when it does not answer. It reconnects by itself for as long as the process lives.
 */
export function connectRedis(config: RedisConfig, logger: Logger): Redis {
  if (!config.url) throw new Error('redis.url is not set');
  const redis = new Redis(config.url, {
    lazyConnect: true,
    connectTimeout: config.connectTimeout,
    commandTimeout: config.commandTimeout,
    disconnectTimeout: config.commandTimeout,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 6), 2_000) * (0.5 + Math.random() / 2),
    reconnectOnError: (error) => error.message.startsWith('READONLY'), // the primary became a replica
  });
  const outages = outageLogOf(redis, logger);
  redis.on('error', (error) => outages.failed(redis, error.message));
  redis.on('ready', () => outages.reconnected());
  redis.connect().catch(() => undefined); // retried by retryStrategy
  return redis;
}

/** Waits a moment for the first connection, since Redis is a soft dependency, and closes the connection at the end. */
export const redisComponent = (redis: Redis, connectTimeout: number): LifecycleComponent => ({
  name: 'redis',
  async start() {
    if (redis.status !== 'ready') {
      await once(redis, 'ready', { signal: AbortSignal.timeout(connectTimeout) }).catch(() => undefined);
    }
  },
  async stop() {
    if (redis.status === 'ready') await redis.quit().catch(() => undefined);
    redis.disconnect();
  },
});

/** Soft: without Redis every reader has a slower way. */
export const redisHealthCheck = (redis: Redis): HealthCheck => ({
  name: 'redis',
  severity: 'soft',
  async check() {
    await redis.ping();
  },
});
