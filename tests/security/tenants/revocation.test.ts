import { randomUUID } from 'node:crypto';
import { describeWithRedis, eventually, type GraphQLClient, runSetting, ServiceProxy } from '@platform/testkit';
import { Redis } from 'ioredis';
import { DistributedPlatform } from '../../e2e/distributed-platform.js';
import { Session } from '../../e2e/session.js';

/** 10,000 every night. */
const ROUNDS = runSetting('REVOCATION_ROUNDS', 60);
const PASSWORD = 'analytical engine 1843';
const HERE = '{ activeOrganization { id } myPermissions }';

/** Separate processes without a broker: no event crosses from one to another, as while Kafka is paused. */
describeWithRedis('who may not act in an organization any more', (redisUrl) => {
  const redis = new ServiceProxy(new URL(redisUrl));
  const direct = new Redis(redisUrl, { lazyConnect: true });
  let platform: DistributedPlatform;
  let operator: Session;
  let administrator: GraphQLClient;
  let member: Session;
  let memberThere: readonly GraphQLClient[];
  let organizationId: string;

  beforeAll(async () => {
    platform = await DistributedPlatform.start(await redis.start(), {
      TENANCY_MODE: 'multi',
      ROUTER_RATE_LIMIT_ENABLED: 'false',
      REDIS_COMMAND_TIMEOUT: '250ms',
    });
    const router = platform.client('router');
    operator = await platform.signInAsAdministrator();
    const owner = await signedUp('owner@example.com');
    const name = `Acme ${randomUUID().slice(0, 8)}`;
    const { createOrganization } = await owner.client.data(
      'mutation ($name: String!) { createOrganization(input: { name: $name }) { id } }',
      { name },
    );
    organizationId = createOrganization.id;
    administrator = await acting(owner);
    member = await signedUp('member@example.com');
    await administrator.data('mutation { inviteMember(input: { email: "member@example.com" }) { id } }');
    const { myInvitations } = await member.client.data('{ myInvitations { id } }');
    await member.client.data('mutation ($id: ID!) { acceptInvitation(input: { id: $id }) { id } }', {
      id: myInvitations[0].id,
    });
    const { switchOrganization } = await member.client.data(SWITCH, { id: organizationId });
    memberThere = [router, platform.client('second router')].map((each) =>
      each.withToken(switchOrganization.accessToken),
    );
  });
  afterAll(async () => {
    await platform?.stop();
    direct.disconnect();
    redis.stop();
  });

  const SWITCH = 'mutation ($id: ID!) { switchOrganization(id: $id) { accessToken } }';
  const acting = async (user: Session): Promise<GraphQLClient> => {
    const { switchOrganization } = await user.client.data(SWITCH, { id: organizationId });
    return platform.client('router').withToken(switchOrganization.accessToken);
  };
  const signedUp = (email: string): Promise<Session> =>
    Session.signUp(platform.url('router'), platform.client('router'), email, PASSWORD);

  /** A change that has answered; one that could not be made known everywhere was taken back, and is sent again. */
  const changed = (client: GraphQLClient, mutation: string, variables: Record<string, unknown>): Promise<unknown> =>
    eventually(() => client.data(mutation, variables), { interval: 50 });

  const suspendMember = () =>
    changed(administrator, 'mutation ($userId: ID!) { suspendMember(userId: $userId, reason: "x") { status } }', {
      userId: member.userId,
    });
  const reactivateMember = () =>
    changed(administrator, 'mutation ($userId: ID!) { reactivateMember(userId: $userId) { status } }', {
      userId: member.userId,
    });
  const byOperator = (mutation: string) => () =>
    changed(operator.client, `mutation ($id: ID!) { ${mutation} { status } }`, { id: organizationId });

  /** Asked on both routers at once: what each lets the member be and do. */
  const seen = () =>
    Promise.all(
      memberThere.map(async (client) => {
        const { activeOrganization, myPermissions } = (await eventually(() => client.data(HERE))) as {
          activeOrganization: { id: string } | null;
          myPermissions: string[];
        };
        return activeOrganization !== null || myPermissions.includes('blog.post.create');
      }),
    );

  it.each([
    ['a member who is suspended', suspendMember, reactivateMember],
    [
      'an organization that is suspended',
      byOperator('suspendOrganization(id: $id, reason: "x")'),
      byOperator('reactivateOrganization(id: $id)'),
    ],
  ])(
    'is not let in by %s, on any router',
    async (what, take, giveBack) => {
      let stale = 0;
      let checks = 0;
      for (let round = 0; round < ROUNDS; round += 1) {
        if (round === Math.floor(ROUNDS / 2)) await loseRedis();
        await giveBack();
        expect(await seen()).toEqual([true, true]);
        await take();
        const answers = await seen();
        checks += answers.length;
        stale += answers.filter(Boolean).length;
      }
      await giveBack();
      process.stdout.write(`${what}: ${ROUNDS} rounds, ${checks} requests afterwards, ${stale} let in\n`);
      expect(stale).toBe(0);
    },
    3_600_000,
  );

  /** Redis goes away for a moment, and comes back without what it knew of these. */
  async function loseRedis(): Promise<void> {
    redis.cut();
    const gone = seen();
    await direct.del(`version:user:${member.userId}`, `version:tenant:${organizationId}`, 'version:tenants');
    redis.open();
    await gone;
  }
});
