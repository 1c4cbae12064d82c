import { createHash } from 'node:crypto';
import { InProcessBus } from '@platform/events';
import { MemoryCache } from '@platform/redis/cache';
import { GraphQLClient } from '@platform/testkit';
import type { RouterHarness } from '../http/router-harness.js';
import { askedOfBlog, cachingRouter, INVALIDATION_KEY } from './caching-router.js';

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('a router that keeps answers', () => {
  let router: RouterHarness;
  afterEach(() => router.stop());

  const signedIn = async (subject: string): Promise<GraphQLClient> =>
    router.client.withToken(await router.issuer.token({ claims: { sub: subject, sid: `session of ${subject}` } }));

  it('asks a subgraph once for what everybody may have, and each caller for their own', async () => {
    router = await cachingRouter();
    const [ada, bob] = [await signedIn('ada'), await signedIn('bob')];
    const asked = await askedOfBlog(router, async () => {
      for (const client of [router.client, ada, bob, ada]) {
        expect(await client.data('{ hello }')).toEqual({ hello: 'Hello, world' });
      }
    });
    expect(asked).toBe(1);
    for (const client of [ada, bob, ada]) await client.data('{ me }');
    expect(await ada.data('{ me }')).toEqual({ me: 'ada' });
    expect(await bob.data('{ me }')).toEqual({ me: 'bob' });
  });

  it.each(['filter', 'report-only'] as const)('shares nothing across rights (%s)', async (mode) => {
    router = await cachingRouter(
      {},
      { router: { authorization: { mode, errors: 'errors', reasons: true, filterIntrospection: false } } },
    );
    const asked = async () => askedOfBlog(router, () => router.client.request('{ secret }'));
    expect(await asked()).toBe(1);
    expect(await asked()).toBe(0);
    router.permissions = [];
    await router.changeRoles();
    expect(await asked()).toBe(mode === 'filter' ? 0 : 1);
    router.permissions = ['blog.post.read'];
    await router.changeRoles();
    expect(await asked()).toBe(0);
  });

  it('keeps nothing unless it is switched on', async () => {
    router = await cachingRouter({ enabled: false });
    const twice = async () => {
      const { headers } = await router.client.request('{ hello }');
      expect(headers.get('cache-control')).toBe('no-store');
      await router.client.request('{ hello }');
    };
    expect(await askedOfBlog(router, twice)).toBe(2);
  });

  it('counts what it finds and what it does not', async () => {
    router = await cachingRouter();
    await router.client.data('{ hello }');
    await router.client.data('{ hello }');
    const text = await router.metrics.text();
    expect(text).toContain('router_response_cache_requests_total{subgraph="blog",kind="root",result="miss"} 1');
    expect(text).toContain('router_response_cache_requests_total{subgraph="blog",kind="root",result="hit"} 1');
  });

  describe('tells clients in Cache-Control', () => {
    const told = async (client: GraphQLClient, query: string) =>
      (await client.request(query)).headers.get('cache-control');

    it('for how long an answer holds, and for whom', async () => {
      router = await cachingRouter({ subgraphs: { blog: { scope: 'public' }, identity: { maxAge: 10_000 } } });
      expect(await told(router.client, '{ hello }')).toMatch(/^public, max-age=(60|59)$/);
      expect(await told(await signedIn('ada'), '{ hello me }')).toMatch(/^private, max-age=(10|9)$/);
      expect(await told(router.client, '{ secret }')).toMatch(/^private, max-age=(60|59)$/);
    });

    it.each([
      ['a mutation', 'mutation { write(text: "x") }'],
      ['an answer with errors', '{ hello fail crash throttled }'],
      ['an answer that a refusal has left out of', '{ hello scoped }'],
      ['what tells of the schema', '{ hello __schema { queryType { name } } }'],
      ['what comes of no subgraph', '{ __typename }'],
    ])('that nobody may keep %s', async (_what, query) => {
      router = await cachingRouter({}, { router: { introspection: true } });
      expect(await told(router.client, query)).toBe('no-store');
    });

    it('nothing where that is switched off', async () => {
      router = await cachingRouter({ cacheControlHeader: false });
      expect(await told(router.client, '{ hello }')).toBe('no-store');
    });
  });

  it('answers GET by hash so that a CDN can serve it, and knows when the client has the answer already', async () => {
    router = await cachingRouter(
      {},
      {
        cache: new MemoryCache(),
        router: {
          headers: {
            all: { forward: ['accept-language'], set: {}, remove: [] },
            subgraphs: {},
            response: {},
            fromSubgraphs: {},
          },
          cors: { origins: ['https://app.example.com'], maxAge: 60_000 },
        },
      },
    );
    const query = '{ hello(name: "CDN") }';
    const extensions = { persistedQuery: { version: 1, sha256Hash: hashOf(query) } };
    await fetch(`${router.url}?${new URLSearchParams({ query, extensions: JSON.stringify(extensions) })}`);

    const url = `${router.url}?${new URLSearchParams({ extensions: JSON.stringify(extensions) })}`;
    const first = await fetch(url);
    expect(await first.json()).toEqual({ data: { hello: 'Hello, CDN' } });
    expect(first.headers.get('cache-control')).toMatch(/^public, max-age=\d+$/);
    const vary = first.headers.get('vary')?.toLowerCase().split(/, */);
    expect(vary).toEqual(expect.arrayContaining(['origin', 'accept', 'authorization', 'accept-language']));

    const etag = first.headers.get('etag') ?? '';
    const again = await fetch(url, { headers: { 'if-none-match': `"other", ${etag}` } });
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
    expect((await fetch(url, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
  });

  describe('over POST /cache/invalidate', () => {
    const invalidate = (body: unknown, key: string | null = INVALIDATION_KEY) =>
      fetch(new URL('/cache/invalidate', router.url), {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(key && { authorization: key }) },
        body: JSON.stringify(body),
      });
    const asked = (query: string) => askedOfBlog(router, () => router.client.data(query));

    it.each([
      ['a subgraph', { kind: 'subgraph', subgraph: 'blog' }],
      ['a type', { kind: 'type', subgraph: 'blog', type: 'Post' }],
      ['a tag', { kind: 'cache_tag', subgraphs: ['blog'], cache_tag: 'latest' }],
      ['everything', { kind: 'everything' }],
    ])('puts %s out of date', async (_what, what) => {
      router = await cachingRouter({ tags: [{ at: 'Query.latest', formats: ['latest'] }] });
      await asked('{ latest { title } }');
      expect(await asked('{ latest { title } }')).toBe(0);
      expect((await invalidate([{ kind: 'cache_tag', cache_tag: 'another' }])).status).toBe(202);
      expect(await asked('{ latest { title } }')).toBe(0);
      const response = await invalidate([what]);
      expect([response.status, await response.json()]).toEqual([202, { count: 1 }]);
      expect(await asked('{ latest { title } }')).toBe(1);
    });

    it('does nothing for whoever has no key, and takes nothing else', async () => {
      router = await cachingRouter();
      await asked('{ hello }');
      for (const key of [null, 'another key', `${INVALIDATION_KEY}!`]) {
        const refused = await invalidate([{ kind: 'everything' }], key);
        expect([refused.status, await refused.json()]).toMatchObject([
          401,
          { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
        ]);
      }
      for (const body of [{}, [], [{ kind: 'planet' }]]) expect((await invalidate(body)).status).toBe(400);
      expect(await asked('{ hello }')).toBe(0);
    });

    it('is not there without a key', async () => {
      router = await cachingRouter({ invalidationKey: null });
      expect((await invalidate([{ kind: 'everything' }], 'null')).status).toBe(404);
    });
  });

  it('forgets what an event of the platform has put out of date', async () => {
    const bus = new InProcessBus();
    router = await cachingRouter(
      {
        tags: [{ at: 'Query.hello', formats: ['hello-{$args.name}'] }],
        invalidate: [
          { events: ['blog.post.updated'], tags: ['hello-{subject}'] },
          { events: ['blog.comment.'], tags: ['hello-{data.postId}', 'no-{data.thing}'] },
        ],
      },
      { bus },
    );
    const asked = (name: string) => askedOfBlog(router, () => router.client.data(`{ hello(name: "${name}") }`));
    const publish = (type: string, subject: string, data: unknown) =>
      bus.publish([{ type, subject, data, id: `${type} ${subject}`, tenantid: 't' } as never]);
    await asked('p1');
    await asked('p2');
    await publish('blog.post.created', 'p1', {});
    expect(await asked('p1')).toBe(0);
    await publish('blog.post.updated', 'p1', {});
    expect([await asked('p1'), await asked('p2')]).toEqual([1, 0]);
    await publish('blog.comment.added', 'c1', { postId: 'p2' });
    expect([await asked('p1'), await asked('p2')]).toEqual([0, 1]);
  });
});
