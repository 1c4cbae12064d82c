import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Metrics } from '@platform/foundation/metrics';
import { MemoryCache } from '@platform/redis/cache';
import { itIsACache } from './cache-contract.js';

describe('MemoryCache', () => {
  let cache: MemoryCache;
  beforeEach(() => {
    cache = new MemoryCache();
  });
  afterEach(() => cache.clear());
  itIsACache(() => cache);

  it('lets the least recently used entry go when it is full', async () => {
    const small = new MemoryCache({ bytes: 450 });
    await small.set('a', 1, 1_000);
    await small.set('b', 2, 1_000);
    await small.get('a');
    await small.set('c', 3, 1_000);
    expect([await small.get('a'), await small.get('b'), await small.get('c')]).toEqual([1, undefined, 3]);
  });

  it('counts hits and misses', async () => {
    const metrics = new Metrics();
    const counted = new MemoryCache({ metrics });
    await counted.set('a', 1, 1_000);
    await counted.get('a');
    await counted.get('b');
    const text = await metrics.registry.metrics();
    expect(text).toContain('platform_cache_requests_total{result="hit"} 1');
    expect(text).toContain('platform_cache_requests_total{result="miss"} 1');
  });
});
