import { type CacheObserver, MemoryResponseCacheStore, ResponseCache } from '@platform/federation-engine';
import type { Logger } from '@platform/foundation/logging';
import type { Metrics } from '@platform/foundation/metrics';
import type { Redis } from '@platform/redis/connection';
import type { CacheConfig } from './options.js';
import { RedisResponseCacheStore } from './redis-response-cache-store.js';
import { ResponseCacheMetrics } from './response-cache-metrics.js';

interface AnswersDependencies {
  readonly config: { readonly router: { readonly cache: CacheConfig } };
  /** Left out where there is one process. */
  readonly redis?: Redis | null;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** The kept answers of a router, in Redis where there is one, else in its memory; undefined where caching is off. */
export function openResponseCache({ config, redis, metrics, logger }: AnswersDependencies): ResponseCache | undefined {
  const { enabled, maxMemory, maxEntrySize, redisTimeout } = config.router.cache;
  if (!enabled) return undefined;
  const store = redis
    ? new RedisResponseCacheStore({ redis, logger, patience: redisTimeout })
    : new MemoryResponseCacheStore(maxMemory);
  return new ResponseCache(store, { longestText: maxEntrySize, observer: counted(metrics.of(ResponseCacheMetrics)) });
}

const counted = ({ fetches, invalidations }: ResponseCacheMetrics): CacheObserver => ({
  fetched: (subgraph, kind, result) => fetches.inc({ subgraph, kind, result }),
  invalidated: (kind) => invalidations.inc({ kind }),
});
