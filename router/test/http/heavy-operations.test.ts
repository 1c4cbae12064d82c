import { eventually } from '@platform/testkit';
import { RouterHarness } from './router-harness.js';

/** Costs 2: two objects. */
const heavy = (name: string) => `{ ${name}: latest { author { id } } }`;

describe('operations that cost much', () => {
  const router = new RouterHarness();

  beforeAll(async () => {
    const cost = {
      ...router.defaults.cost,
      mode: 'enforce' as const,
      heavy: { threshold: 1, concurrency: 1, queue: 1 },
    };
    await router.start({ server: { admission: true }, router: { cost, subgraphTimeout: 60_000 } });
  });
  afterAll(() => router.stop());

  it('run few at a time, keep nobody waiting who asks for little, and are refused where too many wait', async () => {
    const go = router.delay('blog');
    const first = router.client.request(heavy('first'));
    await eventually(() => expect(router.calls.blog).toBe(1));
    const second = router.client.request(heavy('second'));
    const third = router.client.request(heavy('third'));

    const refused = await Promise.race([second, third]);
    expect(refused).toMatchObject({ status: 503, errors: [{ extensions: { code: 'SERVICE_BUSY', retryAfter: 1 } }] });
    expect(router.calls.blog).toBe(1);
    expect(await router.client.data('{ myPermissions }')).toEqual({ myPermissions: ['blog.post.read'] });

    go();
    expect((await first).data).toEqual({ first: { author: { id: 'ada' } } });
    const all = await Promise.all([second, third]);
    expect(all.map(({ status }) => status).toSorted()).toEqual([200, 503]);
    expect((await router.client.request(heavy('fourth'))).status).toBe(200);
  });

  it('give their turn back when their client leaves', async () => {
    const go = router.delay('blog');
    const before = router.calls.blog ?? 0;
    const running = router.client.request(heavy('running'));
    await eventually(() => expect(router.calls.blog).toBe(before + 1));
    const leaving = new AbortController();
    const gone = fetch(router.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: heavy('gone') }),
      signal: leaving.signal,
    });
    leaving.abort();
    await expect(gone).rejects.toThrow();
    await eventually(async () => {
      const next = router.client.request(heavy('next'));
      go();
      expect((await next).status).toBe(200);
    });
    expect((await running).status).toBe(200);
  });
});
