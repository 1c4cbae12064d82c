import { describeWithRedis, eventually, type HttpAnswer, ServiceProxy } from '@platform/testkit';
import { Redis } from 'ioredis';
import { DistributedPlatform } from './distributed-platform.js';
import { Session } from './session.js';

const PASSWORD = 'a rather long password';
const AUDIT = '{ auditEntries(first: 1) { totalCount } }';
const ME = '{ me { id } }';

const codesOf = ({ errors }: HttpAnswer): unknown[] => errors.map(({ extensions }) => extensions.code);

describeWithRedis('the platform as separate processes', (redisUrl) => {
  const redis = new ServiceProxy(new URL(redisUrl));
  let platform: DistributedPlatform;
  let admin: Session;
  let roleId: string;

  beforeAll(async () => {
    platform = await DistributedPlatform.start(await redis.start(), {
      REDIS_COMMAND_TIMEOUT: '250ms', // as outside of tests: a Redis that hangs must not be what callers wait for
      ROUTER_SUBGRAPH_TIMEOUT: '1s',
    });
    admin = await platform.signInAsAdministrator();
    const { createRole } = await admin.client.data(
      'mutation { createRole(input: { name: "auditor", permissions: ["audit.entry.read"] }) { id } }',
    );
    roleId = createRole.id;
  });
  afterAll(async () => {
    await platform?.stop();
    redis.stop();
  });
  afterEach(() => redis.open());

  const signUp = (email: string): Promise<Session> =>
    Session.signUp(platform.url('router'), platform.client('router'), email, PASSWORD);

  const onSecondRouter = ({ accessToken }: Session) => platform.client('second router').withToken(accessToken);

  const assign = (userId: string): Promise<HttpAnswer> =>
    admin.client.request(
      'mutation ($userId: ID!, $roleIds: [ID!]!) { assignRoles(userId: $userId, roleIds: $roleIds) { id } }',
      { userId, roleIds: [roleId] },
    );

  const rolesOf = async (id: string): Promise<string[]> => {
    const { user } = await admin.client.data('query ($id: ID!) { user(id: $id) { roles { name } } }', { id });
    return user.roles.map(({ name }: { name: string }) => name);
  };

  const readiness = async () => {
    const response = await fetch(`${platform.url('router')}/ready`);
    return { code: response.status, ...((await response.json()) as object) };
  };

  describe.each([
    ['Redis has crashed', () => redis.cut()],
    ['Redis hangs', () => redis.block()],
  ])('while %s', (state, goAway) => {
    const email = `${state.toLowerCase().replaceAll(' ', '-')}@example.com`;
    let user: Session;

    beforeAll(async () => {
      user = await signUp(email);
    });
    beforeEach(goAway);

    it('answers callers, known and new, by asking the owners, and says that it is degraded', async () => {
      expect(await user.client.data(ME)).toEqual({ me: { id: user.userId } });
      expect(await onSecondRouter(user).codes(AUDIT)).toEqual(['UNAUTHORIZED_FIELD_OR_TYPE']);
      expect(await platform.client('second router').data('{ posts(first: 1) { totalCount } }')).toHaveProperty('posts');
      const fresh = await platform.signIn(email, PASSWORD);
      expect(await onSecondRouter(fresh).data(ME)).toEqual({ me: { id: user.userId } });

      expect(await readiness()).toMatchObject({
        code: 200,
        status: 'degraded',
        checks: { redis: { status: 'failed' } },
      });
    });

    it('changes no roles and locks nobody, as that could not be made known, and says so', async () => {
      expect(codesOf(await assign(user.userId))).toEqual(['SERVICE_UNAVAILABLE']);
      expect(await rolesOf(user.userId)).not.toContain('auditor');
      expect(await user.client.codes(AUDIT)).toEqual(['UNAUTHORIZED_FIELD_OR_TYPE']);

      const lock = 'mutation ($id: ID!) { lockUser(id: $id, reason: "x") { id } }';
      expect(codesOf(await admin.client.request(lock, { id: user.userId }))).toEqual(['SERVICE_UNAVAILABLE']);
      expect((await user.client.request(ME)).status).toBe(200);
    });

    it('ends a session at once, or does not say that it has ended', async () => {
      const session = await platform.signIn(email, PASSWORD);
      const answer = await platform.client('router').request('mutation ($t: String!) { logout(refreshToken: $t) }', {
        t: session.refreshToken,
      });

      const ended = answer.data?.logout === true;
      if (!ended) expect(codesOf(answer)).toEqual(['SERVICE_UNAVAILABLE']);
      for (const client of [session.client, onSecondRouter(session)]) {
        expect((await client.request(ME)).status).toBe(ended ? 401 : 200);
      }
    });

    it('is whole again once it is back, though it has forgotten everything', async () => {
      const direct = new Redis(redisUrl);
      await direct.flushdb();
      await direct.quit();
      redis.open();

      await eventually(async () => expect(codesOf(await assign(user.userId))).toEqual([]));

      expect(await rolesOf(user.userId)).toContain('auditor');
      for (const client of [user.client, onSecondRouter(user)]) expect(await client.codes(AUDIT)).toEqual([]);
      await eventually(async () => expect(await readiness()).toMatchObject({ code: 200, status: 'ready' }));
    });
  });
});
