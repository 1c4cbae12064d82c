import { randomUUID } from 'node:crypto';
import { createLogger } from '@platform/foundation/logging';
import { connectRedis, type Redis } from '@platform/redis/connection';
import { describeWithRedis, eventually, ServiceProxy } from '@platform/testkit';
import type { RouterHarness } from '../http/router-harness.js';
import { askedOfBlog, cachingRouter, INVALIDATION_KEY } from './caching-router.js';

const logger = createLogger({ level: 'silent', format: 'json' });

/** How long Redis's client waits: whoever is answered sooner has not waited for Redis. */
const A_MINUTE = 60_000;

describeWithRedis('two routers that keep answers in one Redis', (redisUrl) => {
  const proxy = new ServiceProxy(new URL(redisUrl));
  /** Of names that no other run has asked for. */
  const run = randomUUID();
  const greeting = (name: string) => `{ hello(name: "${name} ${run}") }`;
  const connections: Redis[] = [];
  const routers: RouterHarness[] = [];
  let url: string;

  const connect = (): Redis => {
    const redis = connectRedis({ url, connectTimeout: 2_000, commandTimeout: A_MINUTE }, logger);
    connections.push(redis);
    return redis;
  };
  const start = async (cache: Parameters<typeof cachingRouter>[0] = {}): Promise<RouterHarness> => {
    const router = await cachingRouter(
      { tags: [{ at: 'Query.hello', formats: ['hello'] }], ...cache },
      { redis: connect() },
    );
    routers.push(router);
    return router;
  };
  const asked = (router: RouterHarness, name: string) => askedOfBlog(router, () => router.client.data(greeting(name)));
  const invalidate = async (router: RouterHarness) => {
    const { status } = await fetch(new URL('/cache/invalidate', router.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: INVALIDATION_KEY },
      body: JSON.stringify([{ kind: 'cache_tag', cache_tag: 'hello' }]),
    });
    return status;
  };
  /** Asks until the answer is kept: that goes on behind the answer. */
  const untilKept = (router: RouterHarness, name: string) =>
    eventually(async () => expect(await asked(router, name)).toBe(0));

  beforeAll(async () => {
    url = await proxy.start();
  });
  afterEach(async () => {
    proxy.open();
    await Promise.all(routers.splice(0).map((router) => router.stop()));
    for (const redis of connections.splice(0)) redis.disconnect();
  });
  afterAll(() => proxy.stop());

  it('find what the other has kept, and lose what the other has invalidated', async () => {
    const [one, two] = [await start(), await start()];
    await untilKept(one, 'shared');
    expect(await asked(two, 'shared')).toBe(0);
    expect(await invalidate(two)).toBe(202);
    expect(await asked(one, 'shared')).toBe(1);
  });

  it('keep nothing that was asked for before the other has invalidated it', async () => {
    const [one, two] = [await start(), await start()];
    await untilKept(one, 'warm');
    const release = one.delay('blog');
    const calls = one.calls['blog'] ?? 0;
    const early = one.client.data(greeting('race'));
    await eventually(() => expect(one.calls['blog']).toBe(calls + 1));
    expect(await invalidate(two)).toBe(202);
    release();
    await early;
    expect(await asked(one, 'race')).toBe(1);
  });

  it.each([
    ['has crashed', () => proxy.cut()],
    ['hangs', () => proxy.block()],
  ])('ask subgraphs as without a cache while Redis %s, and go on with it afterwards', async (_how, goAway) => {
    const router = await start({ redisTimeout: 100 });
    await untilKept(router, 'outage');
    goAway();
    await eventually(async () => expect(await asked(router, 'outage')).toBe(1));
    const names = Array.from({ length: 20 }, (_, index) => `away-${index}`);
    const asking = await Promise.all(names.map((name) => router.client.data(greeting(name))));
    expect(asking).toEqual(names.map((name) => ({ hello: `Hello, ${name} ${run}` })));
    proxy.open();
    await untilKept(router, 'outage');
  });

  it('do not find again what was to be invalidated while Redis was away', async () => {
    const router = await start();
    await untilKept(router, 'owed');
    proxy.cut();
    await eventually(async () => expect(await invalidate(router)).toBe(503));
    proxy.open();
    await untilKept(router, 'kept since');
    expect(await asked(router, 'owed')).toBe(1);
  });
});
