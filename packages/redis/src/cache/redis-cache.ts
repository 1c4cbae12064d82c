import type { Logger } from '@platform/foundation/logging';
import type { Metrics } from '@platform/foundation/metrics';
import { WeightedCache } from '@platform/foundation/weighted-cache';
import type { Redis } from 'ioredis';
import { OutageGuard } from '../outage/index.js';
import type { Cache } from './cache.js';
import { CacheMetrics } from './cache-metrics.js';
import { MemoryCache } from './memory-cache.js';
import { SharedLoads } from './shared-loads.js';

interface RedisCacheOptions {
  redis: Redis;
  logger: Logger;
  metrics?: Metrics;
  /** Before every key in Redis, where others keep theirs too. */
  prefix?: string;
}

const PROBE_TTL_MS = 1_000;
/** What the keys written during one outage that are remembered for its end may weigh, in bytes; the time to live covers the rest. */
const WRITTEN_BYTES = 4 * 1024 * 1024;

const incrementWithin = `
  local value = redis.call('INCRBY', KEYS[1], ARGV[1])
  if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
  return value`;

/**
 * The cache that processes share. While Redis is unavailable each process works on in its own memory; when Redis is back,
 * what was written meanwhile is removed there first, so that no older value comes back with it.
 */
export class RedisCache implements Cache {
  private readonly redis: Redis;
  private readonly memory = new MemoryCache();
  private readonly written = new WeightedCache<true>({ bytes: WRITTEN_BYTES, weigh: () => 0 });
  private readonly loads = new SharedLoads(this);
  private readonly guard: OutageGuard;

  constructor(private readonly options: RedisCacheOptions) {
    this.redis = options.redis;
    this.guard = new OutageGuard(options.redis, options.logger, () => this.recover());
  }

  async get<T>(key: string): Promise<T | undefined> {
    const value = await this.guard.run<T | undefined>(
      async () => {
        const json = await this.redis.get(this.keyInRedis(key));
        return json === null ? undefined : JSON.parse(json);
      },
      () => this.memory.get<T>(key),
    );
    this.options.metrics?.of(CacheMetrics).cacheRequests.inc({ result: value === undefined ? 'miss' : 'hit' });
    return value;
  }

  set(key: string, value: unknown, ttlMs: number): Promise<void> {
    if (value === undefined || ttlMs <= 0) return this.delete(key);
    return this.write(
      key,
      async () => void (await this.redis.set(this.keyInRedis(key), JSON.stringify(value), 'PX', Math.ceil(ttlMs))),
      () => this.memory.set(key, value, ttlMs),
    );
  }

  delete(key: string): Promise<void> {
    return this.write(
      key,
      async () => void (await this.redis.del(this.keyInRedis(key))),
      () => this.memory.delete(key),
    );
  }

  increment(key: string, ttlMs: number, by = 1): Promise<number> {
    return this.write(
      key,
      async () => Number(await this.redis.eval(incrementWithin, 1, this.keyInRedis(key), by, Math.ceil(ttlMs))),
      () => this.memory.increment(key, ttlMs, by),
    );
  }

  remember<T>(key: string, ttlMs: number, load: () => Promise<T>): Promise<T> {
    return this.loads.remember(key, ttlMs, load);
  }

  private write<T>(key: string, inRedis: () => Promise<T>, inMemory: () => Promise<T>): Promise<T> {
    return this.guard.run(inRedis, () => {
      this.written.set(key, true);
      return inMemory();
    });
  }

  /** Removes what was written meanwhile. A full Redis takes no writes, which the probe finds out: counts in memory must not be given up for it. */
  private async recover(): Promise<void> {
    await this.redis.set(this.keyInRedis('probe'), '1', 'PX', PROBE_TTL_MS);
    while (this.written.size > 0) {
      const stale = [...this.written.keys()];
      await this.redis.del(stale.map((key) => this.keyInRedis(key)));
      for (const key of stale) this.written.delete(key);
    }
    this.memory.clear();
  }

  private keyInRedis(key: string): string {
    return `${this.options.prefix ?? 'cache:'}${key}`;
  }
}
