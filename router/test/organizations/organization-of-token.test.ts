import { NO_ORGANIZATION, tenantVersion, userVersion } from '@platform/auth';
import { config } from '../http/harness-config.js';
import { RouterHarness } from '../http/router-harness.js';

const USER = '018f0000-0000-7000-8000-00000000000a';
const [ACME, GLOBEX] = ['018f0000-0000-7000-8000-0000000000aa', '018f0000-0000-7000-8000-0000000000bb'];
const { tenantId: DEFAULT } = config.platform;

describe('where a user acts', () => {
  let router: RouterHarness;
  const start = async (tenancy: Parameters<RouterHarness['start']>[0]) => {
    router = new RouterHarness();
    await router.start(tenancy);
  };
  afterEach(() => router.stop());

  const tokenOf = (tenantId?: string) => router.issuer.token({ claims: { tenant_id: tenantId } });
  /** The tenant of the caller that blog is asked by. */
  const tenantOf = async (token: string): Promise<string | undefined> => {
    await router.client.withToken(token).data('{ hello }');
    return router.callers.at(-1)?.tenantId;
  };

  describe('with many organizations', () => {
    beforeEach(() => start({ tenancy: { mode: 'multi' } }));

    it('is the organization of the token, each token its own', async () => {
      for (const tenantId of [ACME, GLOBEX, ACME]) expect(await tenantOf(await tokenOf(tenantId))).toBe(tenantId);
    });

    it('is none with a token of none, and none where the user is no member', async () => {
      expect(await tenantOf(await tokenOf())).toBe(NO_ORGANIZATION);
      router.withoutMembers.add(ACME);
      expect(await tenantOf(await tokenOf(ACME))).toBe(NO_ORGANIZATION);
    });

    it.each([
      ['membership ends', userVersion(USER)],
      ['organization is suspended', tenantVersion(ACME)],
      ['outcome of a change is unknown', 'tenants'],
    ])('is no organization any more from the next request on when the %s, and comes back as soon', async (_, key) => {
      const token = await tokenOf(ACME);
      expect(await tenantOf(token)).toBe(ACME);
      router.withoutMembers.add(ACME);
      await router.revocations.bump([key]);
      expect(await tenantOf(token)).toBe(NO_ORGANIZATION);
      router.withoutMembers.delete(ACME);
      await router.revocations.bump([key]);
      expect(await tenantOf(token)).toBe(ACME);
    });

    it('is asked each time while the store of versions is unavailable', async () => {
      router.revocations.broken = true;
      const token = await tokenOf(ACME);
      expect(await tenantOf(token)).toBe(ACME);
      router.withoutMembers.add(ACME);
      expect(await tenantOf(token)).toBe(NO_ORGANIZATION);
    });

    it('is not shared by requests that came before the membership ended and after', async () => {
      const token = await tokenOf(ACME);
      await router.client.data('{ hello }');
      router.callers.length = 0;
      const answer = router.delay('identity');
      const before = router.client.withToken(token).data('{ hello }');
      router.withoutMembers.add(ACME);
      await router.revocations.bump([userVersion(USER)]);
      const after = router.client.withToken(token).data('{ hello }');
      answer();
      await Promise.all([before, after]);
      expect(await tenantOf(token)).toBe(NO_ORGANIZATION);
    });

    it('is asked once for many requests, and authz is asked for nobody who is not known to act there', async () => {
      router.withoutMembers.add(ACME);
      const token = await tokenOf(ACME);
      await router.client.data('{ hello }');
      const { identity = 0, authz = 0 } = router.calls;
      for (let request = 0; request < 3; request += 1) await tenantOf(token);
      expect([router.calls['identity'], router.calls['authz']]).toEqual([identity + 2, authz + 1]);
      expect(router.permissionsAskedIn).not.toContain(ACME);
    });

    it('cannot be told while identity is unavailable', async () => {
      const token = await tokenOf(ACME);
      await tenantOf(token);
      router.away.add('identity');
      expect(await tenantOf(token)).toBe(ACME);
      await router.revocations.bump([tenantVersion(ACME)]);
      expect(await router.client.withToken(token).request('{ hello }')).toMatchObject({
        status: 503,
        errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }],
      });
    });

    it('has the permissions of its own roles, which are asked for again when these change', async () => {
      const [inAcme, inGlobex] = [await tokenOf(ACME), await tokenOf(GLOBEX)];
      await tenantOf(inAcme);
      await tenantOf(inGlobex);
      router.permissionsAskedIn.length = 0;
      await router.revocations.bump([tenantVersion(ACME)]);
      await tenantOf(inAcme);
      await tenantOf(inGlobex);
      expect(router.permissionsAskedIn).toEqual([ACME]);
    });

    it('does not end the session: a user without an organization is signed in', async () => {
      const client = router.client.withToken(await tokenOf());
      expect(await client.data('{ me }')).toEqual({ me: USER });
      router.endedSessions.add('session-1');
      await router.revocations.bump([userVersion(USER)]);
      expect((await client.request('{ me }')).status).toBe(401);
    });
  });

  describe('with one organization', () => {
    beforeEach(() => start({ tenancy: { mode: 'single', resolve: ['header'] } }));

    it('is that one for its members, and none for who may not act in it, whatever the request names', async () => {
      expect(await tenantOf(await tokenOf(DEFAULT))).toBe(DEFAULT);
      expect(await tenantOf(await tokenOf())).toBe(NO_ORGANIZATION);
      router.withoutMembers.add(DEFAULT);
      await router.revocations.bump([tenantVersion(DEFAULT)]);
      expect(await tenantOf(await tokenOf(DEFAULT))).toBe(NO_ORGANIZATION);
      await router.client.withHeaders({ 'x-organization': 'acme' }).data('{ hello }');
      expect(router.callers.at(-1)).toMatchObject({ kind: 'anonymous', tenantId: DEFAULT });
    });
  });
});
