import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeEach, expect, it } from '@jest/globals';
import type { Cache } from '@platform/redis/cache';

const MINUTE = 60_000;

/** Resolves when `condition` holds, rejects after five seconds. */
export async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  for (const deadline = Date.now() + 5_000; Date.now() < deadline; await delay(10)) if (await condition()) return;
  throw new Error('The condition did not hold within five seconds');
}

/** What every cache promises. */
export function itIsACache(cacheOf: () => Cache): void {
  let cache: Cache;
  let key: string;
  beforeEach(() => {
    cache = cacheOf();
    key = randomUUID();
  });

  it('gives back what was set, as a value of its own', async () => {
    const value = { list: [1, 'two', null], nested: { yes: true } };
    await cache.set(key, value, MINUTE);
    value.list.push('later');
    expect(await cache.get(key)).toEqual({ list: [1, 'two', null], nested: { yes: true } });
    await cache.set(key, null, MINUTE);
    expect(await cache.get(key)).toBeNull();
  });

  it('knows nothing of an unknown or deleted key', async () => {
    expect(await cache.get(key)).toBeUndefined();
    await cache.set(key, 1, MINUTE);
    await cache.delete(key);
    expect(await cache.get(key)).toBeUndefined();
  });

  it('forgets a value when its time is over', async () => {
    await cache.set(key, 1, 30);
    expect(await cache.get(key)).toBe(1);
    await until(async () => (await cache.get(key)) === undefined);
    await cache.set(key, 1, 0);
    expect(await cache.get(key)).toBeUndefined();
  });

  it('counts without losing any of many at once', async () => {
    const values = await Promise.all(Array.from({ length: 50 }, () => cache.increment(key, MINUTE)));
    expect(new Set(values).size).toBe(50);
    expect(await cache.increment(key, MINUTE, 10)).toBe(60);
    expect(await cache.get(key)).toBe(60);
  });

  it('ends a counter’s time where its first increment set it', async () => {
    await cache.increment(key, 200);
    await cache.increment(key, 10 * MINUTE);
    await until(async () => (await cache.get(key)) === undefined);
  });

  it('loads a remembered value once, however many ask', async () => {
    let loads = 0;
    const load = async () => ++loads;
    expect(await Promise.all([1, 2, 3].map(() => cache.remember(key, MINUTE, load)))).toEqual([1, 1, 1]);
    expect(await cache.remember(key, MINUTE, load)).toBe(1);
  });

  it('does not remember a load that failed', async () => {
    await expect(cache.remember(key, MINUTE, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await cache.remember(key, MINUTE, async () => 'back')).toBe('back');
  });
}
