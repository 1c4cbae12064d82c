import type { EventBus } from '@platform/events';
import { RouterHarness } from '../http/router-harness.js';

export const INVALIDATION_KEY = 'the key of whoever may invalidate';

type Options = NonNullable<Parameters<RouterHarness['start']>[0]>;
type CacheOptions = Partial<RouterHarness['defaults']['cache']>;

/** A router that keeps what blog answers for everybody with the same rights, and what identity and authz answer for each caller. */
export async function cachingRouter(
  cache: CacheOptions = {},
  { router: more, ...options }: Options & { bus?: EventBus } = {},
): Promise<RouterHarness> {
  const router = new RouterHarness();
  await router.start({
    ...options,
    router: {
      ...more,
      cache: {
        ...router.defaults.cache,
        enabled: true,
        all: { ...router.defaults.cache.all, maxAge: 60_000 },
        subgraphs: { blog: { scope: 'public' } },
        invalidationKey: INVALIDATION_KEY,
        redisTimeout: 2_000,
        ...cache,
      },
    },
  });
  return router;
}

/** How often blog is asked while `work` runs. */
export async function askedOfBlog(router: RouterHarness, work: () => Promise<unknown>): Promise<number> {
  const before = router.calls['blog'] ?? 0;
  await work();
  return (router.calls['blog'] ?? 0) - before;
}
