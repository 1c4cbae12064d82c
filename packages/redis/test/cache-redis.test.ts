import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger } from '@platform/foundation/logging';
import { RedisCache } from '@platform/redis/cache';
import { connectRedis, redisComponent, redisHealthCheck } from '@platform/redis/connection';
import { describeWithRedis, ServiceProxy } from '@platform/testkit';
import { itIsACache, until } from './cache-contract.js';

const MINUTE = 60_000;
/** A Redis that answers is not slower than this, in ms, on a busy machine either. */
const COMMAND_TIMEOUT = 500;

describeWithRedis('RedisCache', (redisUrl) => {
  let proxy: ServiceProxy;
  let redis: ReturnType<typeof connectRedis>;
  let cache: RedisCache;
  let log: { level: string; msg: string }[];
  let stop: () => Promise<void>;

  beforeEach(async () => {
    log = [];
    const logger = createLogger(
      { level: 'info', format: 'json' },
      { destination: { write: (line) => void log.push(JSON.parse(line)) } },
    );
    proxy = new ServiceProxy(new URL(redisUrl));
    redis = connectRedis({ url: await proxy.start(), connectTimeout: 5_000, commandTimeout: COMMAND_TIMEOUT }, logger);
    const part = redisComponent(redis, 1_000);
    await part.start?.();
    stop = async () => part.stop?.();
    cache = new RedisCache({ redis, logger, prefix: `${randomUUID()}:` });
  });

  afterEach(async () => {
    await stop();
    proxy.stop();
  });

  itIsACache(() => cache);

  it('shares its values with other processes', async () => {
    const [prefix, key] = [randomUUID(), randomUUID()];
    const logger = createLogger({ level: 'silent', format: 'json' });
    const [mine, theirs] = [new RedisCache({ redis, logger, prefix }), new RedisCache({ redis, logger, prefix })];
    await mine.set(key, 'shared', MINUTE);
    expect(await theirs.get(key)).toBe('shared');
  });

  describe.each(['cut', 'block'] as const)('when Redis is away (%s)', (howItFails) => {
    it('works on in memory, and says so once', async () => {
      proxy[howItFails]();
      await cache.set('a', 1, MINUTE);
      expect(await cache.get('a')).toBe(1);
      expect(await cache.increment('n', MINUTE)).toBe(1);
      expect(await cache.remember('r', MINUTE, async () => 'loaded')).toBe('loaded');
      expect(log.filter(({ msg }) => msg.startsWith('redis unavailable'))).toHaveLength(1);
    });

    it('never waits longer than the command timeout, and not on every call', async () => {
      proxy[howItFails]();
      const started = performance.now();
      for (let call = 0; call < 20; call++) await cache.get('a');
      expect(performance.now() - started).toBeLessThan(2 * COMMAND_TIMEOUT);
    });

    it('comes back by itself, without values that were overwritten or deleted meanwhile', async () => {
      await cache.set('changed', 'old', MINUTE);
      await cache.set('deleted', 'old', MINUTE);
      await cache.set('untouched', 'kept', MINUTE);
      proxy[howItFails]();
      await cache.set('changed', 'new', MINUTE);
      await cache.delete('deleted');

      proxy.open();
      await until(async () => (await cache.get('untouched')) === 'kept');

      expect(await cache.get('changed')).toBeUndefined();
      expect(await cache.get('deleted')).toBeUndefined();
      expect(log.filter(({ msg }) => msg === 'redis available again')).toHaveLength(1);
    });
  });

  it('starts without Redis', async () => {
    proxy.cut();
    const logger = createLogger({ level: 'silent', format: 'json' });
    const lonely = connectRedis({ url: 'redis://127.0.0.1:1', connectTimeout: 100, commandTimeout: 100 }, logger);
    const part = redisComponent(lonely, 100);
    await part.start?.();
    expect(await new RedisCache({ redis: lonely, logger }).get('a')).toBeUndefined();
    await part.stop?.();
  });

  it('is a soft health check', async () => {
    const check = redisHealthCheck(redis);
    expect(check).toMatchObject({ name: 'redis', severity: 'soft' });
    await expect(check.check()).resolves.toBeUndefined();
    proxy.cut();
    await expect(check.check()).rejects.toThrow();
  });
});
