import { join } from 'node:path';
import { MemoryVersionStamps, RedisVersionStamps, type VersionStamps } from '@platform/kernel/auth';
import { type Cache, connectRedis, MemoryCache, RedisCache, redisHealthCheck, redisPart } from '@platform/kernel/cache';
import { systemClock } from '@platform/kernel/clock';
import { environmentName, type KernelConfig } from '@platform/kernel/config';
import { ErrorBus, logSink, sentrySink } from '@platform/kernel/errors';
import { Health } from '@platform/kernel/health';
import type { Part } from '@platform/kernel/lifecycle';
import { createLogger, type Logger } from '@platform/kernel/logging';
import { Mailbox } from '@platform/kernel/mail';
import { Metrics } from '@platform/kernel/metrics';
import { Tracing } from '@platform/kernel/tracing';
import { version } from './version.js';

type FoundationConfig = Pick<KernelConfig, 'platform' | 'logging' | 'tracing' | 'errors' | 'redis'>;

/** What every process of the platform stands on, and the parts of it that must be started first. */
export function foundation<C extends FoundationConfig>(config: C, name: string) {
  const logger = createLogger(config.logging, { name });
  const tracing = new Tracing(config.tracing, { service: name, version: version() });
  const metrics = new Metrics();
  const health = new Health({ metrics });
  const errors = new ErrorBus().addSink(logSink(logger));
  const { sentryDsn } = config.errors;
  if (sentryDsn) errors.addSink(sentrySink(sentryDsn, { environment: environmentName(), release: version() }));
  const mailer = new Mailbox(join(config.platform.dataDir, 'mailbox'));
  return {
    config,
    logger,
    metrics,
    health,
    errors,
    mailer,
    clock: systemClock,
    ...shared(config, logger, health, metrics, [tracing]),
  };
}

/** What processes share: in Redis where there is one, else in this process's memory. */
function shared(
  config: FoundationConfig,
  logger: Logger,
  health: Health,
  metrics: Metrics,
  first: readonly Part[],
): { cache: Cache; stamps: VersionStamps; parts: Part[] } {
  if (config.redis.url === null) {
    return { cache: new MemoryCache({ metrics }), stamps: new MemoryVersionStamps(), parts: [...first] };
  }
  const redis = connectRedis(config.redis, logger);
  health.add(redisHealthCheck(redis));
  return {
    cache: new RedisCache({ redis, logger, metrics }),
    stamps: new RedisVersionStamps(redis),
    parts: [...first, redisPart(redis, config.redis.connectTimeout)],
  };
}

/** The parts that every process has in common. */
export type Foundation = ReturnType<typeof foundation<FoundationConfig>>;
