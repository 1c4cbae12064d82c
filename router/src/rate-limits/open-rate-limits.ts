import type { Logger } from '@platform/foundation/logging';
import type { Metrics } from '@platform/foundation/metrics';
import type { Redis } from '@platform/redis/connection';
import { OutageGuard } from '@platform/redis/outage';
import { FallbackRateStore } from './fallback-rate-store.js';
import { MemoryRateStore } from './memory-rate-store.js';
import { RateLimitMetrics } from './rate-limit-metrics.js';
import { RateLimits } from './rate-limits.js';
import { RedisRateStore } from './redis-rate-store.js';
import type { RateLimitRules } from './rules.js';

interface RateLimitsDependencies {
  readonly rules: RateLimitRules;
  /** Left out where there is one process. */
  readonly redis?: Redis | null;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** Limits counted in Redis, and in this process's memory without one or while it is away. */
export function openRateLimits({ rules, redis, metrics, logger }: RateLimitsDependencies): RateLimits {
  const memory = new MemoryRateStore();
  if (!redis) return new RateLimits(memory, rules, metrics);
  const store = new FallbackRateStore(new RedisRateStore(redis, memory), memory, new OutageGuard(redis, logger));
  metrics.of(RateLimitMetrics).watchFallback(() => store.local);
  return new RateLimits(store, rules, metrics);
}
