import { createLogger } from '@platform/foundation/logging';
import { connectRedis, redisComponent } from '@platform/redis/connection';
import { describeWithRedis } from '@platform/testkit';
import fc from 'fast-check';
import type { RateStore } from '../../src/rate-limits/index.js';
import { MemoryRateStore } from '../../src/rate-limits/memory-rate-store.js';
import { RedisRateStore } from '../../src/rate-limits/redis-rate-store.js';

const WINDOW = 60_000;
const take = (key: string, { units = 1, limit = 10 } = {}) => ({
  name: key,
  key: `{ada}:${key}`,
  limit,
  window: WINDOW,
  units,
});

const allowed = async (store: RateStore, ...takes: ReturnType<typeof take>[]): Promise<boolean> =>
  (await store.take(takes)).every((standing) => standing.allowed);

describe('a sliding window', () => {
  it('never lets more than twice the limit pass in any window, and never more than the limit in the first', async () => {
    const steps = fc.array(
      fc.record({ pause: fc.integer({ min: 0, max: 30_000 }), units: fc.integer({ min: 1, max: 4 }) }),
      {
        maxLength: 100,
      },
    );
    await fc.assert(
      fc.asyncProperty(steps, async (asked) => {
        let now = 0;
        const store = new MemoryRateStore(() => now);
        const passed: { at: number; units: number }[] = [];
        for (const { pause, units } of asked) {
          now += pause;
          if (await allowed(store, take('x', { units }))) passed.push({ at: now, units });
        }
        const within = (from: number) =>
          passed.filter(({ at }) => at >= from && at < from + WINDOW).reduce((sum, { units }) => sum + units, 0);
        const [first] = passed;
        if (first && within(first.at) > 10) throw new Error('More than the limit passed in the first window');
        for (const { at } of passed) if (within(at) > 20) throw new Error('More than twice the limit passed');
      }),
    );
  });

  it('says how long to wait, and lets pass after just that', async () => {
    let now = 0;
    const store = new MemoryRateStore(() => now);
    for (let times = 0; times < 10; times += 1) expect(await allowed(store, take('x'))).toBe(true);
    const [refused] = await store.take([take('x', { units: 3 })]);
    const wait = refused?.retryAfterMs ?? 0;
    now = wait - 100;
    expect(await allowed(store, take('x', { units: 3 }))).toBe(false);
    now = wait + 1;
    expect(await allowed(store, take('x', { units: 3 }))).toBe(true);
  });

  it('takes from all limits or from none', async () => {
    const store = new MemoryRateStore();
    expect(await allowed(store, take('wide', { limit: 100 }), take('narrow', { limit: 1 }))).toBe(true);
    expect(await allowed(store, take('wide', { limit: 100 }), take('narrow', { limit: 1 }))).toBe(false);
    const [wide] = await store.take([take('wide', { limit: 100 })]);
    expect(wide?.remaining).toBe(98);
  });
});

describeWithRedis('counts in Redis', (url) => {
  const redis = connectRedis(
    { url, connectTimeout: 2_000, commandTimeout: 10_000 },
    createLogger({ level: 'silent', format: 'json' }),
  );
  const part = redisComponent(redis, 10_000);
  beforeAll(() => part.start?.());
  beforeEach(() => redis.flushdb());
  afterAll(() => part.stop?.());

  it('are the same for every process', async () => {
    const stores = [0, 1].map(() => new RedisRateStore(redis, new MemoryRateStore()));
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, index) => allowed(stores[index % 2] as RateStore, take('x'))),
    );
    expect(outcomes.filter(Boolean)).toHaveLength(10);
  });

  it('survive a Redis that has lost them, in whoever was told', async () => {
    const store = new RedisRateStore(redis, new MemoryRateStore());
    for (let times = 0; times < 10; times += 1) await allowed(store, take('x'));
    await redis.flushdb();
    expect(await allowed(store, take('x'))).toBe(false);
  });

  it('take over what was counted while Redis was away', async () => {
    const memory = new MemoryRateStore();
    const store = new RedisRateStore(redis, memory);
    await allowed(store, take('x', { units: 4 }));
    await allowed(memory, take('x', { units: 5 }));
    expect(await allowed(store, take('x', { units: 2 }))).toBe(false);
    expect(await allowed(store, take('x', { units: 1 }))).toBe(true);
  });

  it('take from all limits or from none', async () => {
    const store = new RedisRateStore(redis, new MemoryRateStore());
    const both = [take('wide', { limit: 100 }), take('narrow', { limit: 1 })];
    expect([await allowed(store, ...both), await allowed(store, ...both)]).toEqual([true, false]);
    const [wide] = await store.take([take('wide', { limit: 100 })]);
    expect(wide?.remaining).toBe(98);
  });

  it('are forgotten by Redis after two windows', async () => {
    const store = new RedisRateStore(redis, new MemoryRateStore());
    await allowed(store, take('x'));
    const [key] = await redis.keys('rate:*');
    const left = await redis.pttl(String(key));
    expect(left).toBeGreaterThan(WINDOW);
    expect(left).toBeLessThanOrEqual(2 * WINDOW);
  });
});
