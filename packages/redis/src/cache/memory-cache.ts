import type { Metrics } from '@platform/foundation/metrics';
import { bytesOfText, WeightedCache } from '@platform/foundation/weighted-cache';
import type { Cache } from './cache.js';
import { CacheMetrics } from './cache-metrics.js';
import { SharedLoads } from './shared-loads.js';

interface MemoryCacheOptions {
  /** What keys and values may weigh in all; beyond it the least recently used entries go. */
  bytes?: number;
  metrics?: Metrics;
}

/** The cache of one process. */
export class MemoryCache implements Cache {
  private readonly entries: WeightedCache<string>;
  private readonly loads = new SharedLoads(this);
  private readonly metrics: Metrics | undefined;

  constructor({ bytes = 32 * 1024 * 1024, metrics }: MemoryCacheOptions = {}) {
    this.entries = new WeightedCache({ bytes, weigh: bytesOfText });
    this.metrics = metrics;
  }

  async get<T>(key: string): Promise<T | undefined> {
    const json = this.entries.get(key);
    this.metrics?.of(CacheMetrics).cacheRequests.inc({ result: json === undefined ? 'miss' : 'hit' });
    return json === undefined ? undefined : JSON.parse(json);
  }

  async set(key: string, value: unknown, ttlMs: number): Promise<void> {
    if (value === undefined || ttlMs <= 0) this.entries.delete(key);
    else this.entries.set(key, JSON.stringify(value), { ttl: ttlMs });
  }

  async delete(key: string): Promise<void> {
    this.entries.delete(key);
  }

  async increment(key: string, ttlMs: number, by = 1): Promise<number> {
    const current = this.entries.get(key);
    const value = Number(current ?? 0) + by;
    this.entries.set(key, JSON.stringify(value), { ttl: ttlMs, noUpdateTTL: current !== undefined });
    return value;
  }

  remember<T>(key: string, ttlMs: number, load: () => Promise<T>): Promise<T> {
    return this.loads.remember(key, ttlMs, load);
  }

  clear(): void {
    this.entries.clear();
  }
}
