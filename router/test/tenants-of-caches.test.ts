import {
  anonymousCaller,
  type Caller,
  MemoryRevocationVersions,
  NO_ORGANIZATION,
  tenantVersion,
  userCaller,
} from '@platform/auth';
import { eventually } from '@platform/testkit';
import { PrincipalResolver } from '../src/authentication/principal-resolver.js';
import type { AccessClaims } from '../src/authentication/token-verifier.js';
import { audienceOf } from '../src/caching/audience-of.js';
import { askedOfBlog, cachingRouter } from './caching/caching-router.js';
import type { RouterHarness } from './http/router-harness.js';

const [A, B] = ['00000000-0000-7000-8000-00000000000a', '00000000-0000-7000-8000-00000000000b'];

describe('what the router keeps of a person who is in two tenants', () => {
  it('are the permissions in each, though the session is one', async () => {
    const asked: string[] = [];
    const owners = {
      sessionOf: async () => 'active' as const,
      organizationNamed: async () => null,
      isKeyActive: async () => true,
      apiKeyBy: async () => null,
      permissionsOf: async ({ tenantId }: Caller) => {
        asked.push(tenantId);
        return [`of ${tenantId}`];
      },
    };
    const options = { tenantId: A, multiTenant: false, memory: 1_000_000, lifetime: 60_000 };
    const principals = new PrincipalResolver(owners, new MemoryRevocationVersions(), options);
    const claims = { subject: 'ada', sessionId: 'one', keyId: 'key' } as unknown as AccessClaims;
    for (const tenantId of [A, B, A, B]) {
      const { permissions } = await principals.resolve({ ...claims, tenantId });
      expect([...permissions]).toEqual([`of ${tenantId}`]);
    }
    expect(asked).toEqual([A, B]);
  });

  it('are answers for each, of whoever has signed in and of whoever has not', () => {
    const audience = (caller: Caller) =>
      audienceOf(caller, {} as never, { policies: [] } as never) as unknown as Record<string, unknown>;
    const [inA, inB] = [A, B].map((tenantId) => audience(userCaller('ada', 'one', tenantId, ['blog.post.read'])));
    expect(inA?.['caller']).not.toBe(inB?.['caller']);
    expect(inA?.['subject']).not.toBe(inB?.['subject']);
    const anonymous = [A, B, NO_ORGANIZATION].map((tenantId) => audience(anonymousCaller(tenantId))['caller']);
    expect(new Set(anonymous).size).toBe(3);
  });
});

describe('what the router keeps for anonymous callers of several organizations', () => {
  let router: RouterHarness;
  afterEach(() => router.stop());
  const start = async (cache: Parameters<typeof cachingRouter>[0] = {}) => {
    router = await cachingRouter(cache, { tenancy: { mode: 'multi', resolve: ['header'] } });
    router.organizations.set('a', A).set('b', B);
  };
  const ask = (organization: string, query = '{ hello }') =>
    router.client.withHeaders({ 'x-organization': organization }).request(query);

  it.each(['{ hello }', '{ secret }', '{ latest { title author { name } } }'])(
    'is asked for in each of them, and in none, once: %s',
    async (query) => {
      await start();
      const asked = await askedOfBlog(router, async () => {
        for (const name of ['a', 'b', 'nobody', A, 'a', 'b', 'nobody', 'nobody-either']) await ask(name, query);
      });
      expect(asked).toBe(3);
      expect(router.callers.map(({ tenantId }) => tenantId)).toEqual([A, B, NO_ORGANIZATION]);
    },
  );

  it('is not shared by those of two who ask at the same time', async () => {
    await start({ enabled: false });
    const answer = router.delay('blog');
    const asking = Promise.all(['a', 'b', 'nobody'].map((name) => ask(name)));
    await eventually(() => expect(router.calls['blog']).toBe(3));
    answer();
    await asking;
    expect(router.callers.map(({ tenantId }) => tenantId).sort()).toEqual([NO_ORGANIZATION, A, B]);
  });

  it('is theirs no longer when the organization is suspended', async () => {
    await start();
    await ask('a');
    router.organizations.delete('a');
    await router.revocations.bump([tenantVersion(A)]);
    expect(await askedOfBlog(router, () => ask('a'))).toBe(1);
    expect(router.callers.at(-1)?.tenantId).toBe(NO_ORGANIZATION);
  });

  it('is kept by caches on the way to clients for the organization that the header names', async () => {
    await start({ cacheControlHeader: true });
    const { headers } = await ask('a');
    expect(headers.get('cache-control')).toMatch(/^public, max-age=\d+$/);
    expect(headers.get('vary')).toBe('Accept, Authorization, x-organization');
  });
});
