import { join } from 'node:path';
import { MemoryRevocationVersions, RedisRevocationVersions, type RevocationVersions } from '@platform/auth';
import { systemClock } from '@platform/foundation/clock';
import { environmentName, type ProcessConfig } from '@platform/foundation/config';
import { ErrorBus, logSink, sentrySink } from '@platform/foundation/errors';
import { Health } from '@platform/foundation/health';
import type { LifecycleComponent } from '@platform/foundation/lifecycle';
import { createLogger, type Logger } from '@platform/foundation/logging';
import { Metrics } from '@platform/foundation/metrics';
import { Tracing } from '@platform/foundation/tracing';
import { Mailbox, SmtpMailer } from '@platform/mail';
import { type Cache, MemoryCache, RedisCache } from '@platform/redis/cache';
import { connectRedis, type Redis, redisComponent, redisHealthCheck } from '@platform/redis/connection';
import { version } from './version.js';

type ProcessContextConfig = Pick<ProcessConfig, 'platform' | 'logging' | 'tracing' | 'errors' | 'redis' | 'mail'>;

/** What every process of the platform stands on, and the parts of it that must be started first. */
export function createProcessContext<C extends ProcessContextConfig>(config: C, name: string) {
  const logger = createLogger(config.logging, { name });
  const tracing = new Tracing(config.tracing, { service: name, version: version() });
  const metrics = new Metrics();
  const health = new Health({ metrics });
  const errors = new ErrorBus().countIn(metrics).addSink(logSink(logger));
  const { sentryDsn } = config.errors;
  if (sentryDsn) errors.addSink(sentrySink(sentryDsn, { environment: environmentName(), release: version() }));
  const mailbox = new Mailbox(join(config.platform.dataDir, 'mailbox'));
  const smtp = config.mail.transport === 'smtp' ? new SmtpMailer(config.mail) : undefined;
  return {
    config,
    logger,
    metrics,
    health,
    errors,
    mailbox,
    mailer: smtp ?? mailbox,
    clock: systemClock,
    ...shared(config, logger, health, metrics, smtp ? [tracing, smtp] : [tracing]),
  };
}

/** What processes share: in Redis where there is one, else in this process's memory. */
function shared(
  config: ProcessContextConfig,
  logger: Logger,
  health: Health,
  metrics: Metrics,
  first: readonly LifecycleComponent[],
): { cache: Cache; revocations: RevocationVersions; redis: Redis | null; parts: LifecycleComponent[] } {
  if (config.redis.url === null) {
    return {
      cache: new MemoryCache({ metrics }),
      revocations: new MemoryRevocationVersions(),
      redis: null,
      parts: [...first],
    };
  }
  const redis = connectRedis(config.redis, logger);
  health.add(redisHealthCheck(redis));
  return {
    cache: new RedisCache({ redis, logger, metrics }),
    revocations: new RedisRevocationVersions(redis),
    redis,
    parts: [...first, redisComponent(redis, config.redis.connectTimeout)],
  };
}

/** The parts that every process has in common. */
export type ProcessContext = ReturnType<typeof createProcessContext<ProcessContextConfig>>;
