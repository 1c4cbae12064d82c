import { anonymousCaller, type Caller, MemoryRevocationVersions, userCaller } from '@platform/auth';
import { PrincipalResolver } from '../src/authentication/principal-resolver.js';
import type { AccessClaims } from '../src/authentication/token-verifier.js';
import { audienceOf } from '../src/caching/audience-of.js';

const [A, B] = ['00000000-0000-7000-8000-00000000000a', '00000000-0000-7000-8000-00000000000b'];

describe('what the router keeps of a person who is in two tenants', () => {
  it('are the permissions in each, though the session is one', async () => {
    const asked: string[] = [];
    const owners = {
      sessionOf: async () => 'active' as const,
      organizationNamed: async () => null,
      isKeyActive: async () => true,
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
    expect(audience(anonymousCaller(A))['caller']).not.toBe(audience(anonymousCaller(B))['caller']);
  });
});
