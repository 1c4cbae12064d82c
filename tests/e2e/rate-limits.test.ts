import { Agent, request } from 'node:http';
import { composeSupergraph } from '@platform/federation-engine/composition';
import { describeWithRedis, eventually, GraphQLClient, ServiceProxy } from '@platform/testkit';
import { StandAloneRouter } from './stand-alone-router.js';

const LIMIT = 1_000;
const REQUESTS = 10_000;

const { sdl } = composeSupergraph([
  { name: 'shop', url: 'http://127.0.0.1:9/graphql', typeDefs: 'type Query { name: String }' },
]);

const config = (redisUrl: string): string => `
redis: { url: "${redisUrl}", commandTimeout: 2s } # a busy machine is no outage
server: { proxies: { hops: 1 } }
router:
  rateLimit:
    enabled: true
    perIp: { limit: ${LIMIT}, window: 10m }
`;

describeWithRedis('two routers that count in one Redis', (redisUrl) => {
  const redis = new ServiceProxy(new URL(redisUrl));
  const agent = new Agent({ keepAlive: true, maxSockets: 100 });
  let routers: StandAloneRouter[];

  beforeAll(async () => {
    const url = await redis.start();
    routers = await Promise.all([0, 1].map(() => StandAloneRouter.start({ sdl, config: config(url) })));
  });
  afterAll(async () => {
    agent.destroy();
    await Promise.all(routers.map((router) => router.stop()));
    redis.stop();
  });
  afterEach(() => redis.open());

  const status = (router: StandAloneRouter, client: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const sent = request(
        `${router.url}/graphql`,
        { method: 'POST', agent, headers: { 'content-type': 'application/json', 'x-forwarded-for': client } },
        (response) => response.resume().on('end', () => resolve(response.statusCode ?? 0)),
      );
      sent.on('error', reject);
      sent.end('{"query":"{ __typename }"}');
    });

  const statuses = (count: number, client: string): Promise<number[]> =>
    Promise.all(Array.from({ length: count }, (_, index) => status(routers[index % 2] as StandAloneRouter, client)));

  const tally = (all: readonly number[]): Record<number, number> => {
    const counts: Record<number, number> = {};
    for (const one of all) counts[one] = (counts[one] ?? 0) + 1;
    return counts;
  };

  const local = async (router: StandAloneRouter): Promise<string | undefined> =>
    /^router_rate_limit_fallback_active (\d)$/m.exec(await (await fetch(`${router.url}/metrics`)).text())?.[1];

  it(`let exactly ${LIMIT} of ${REQUESTS} concurrent requests through`, async () => {
    expect(tally(await statuses(REQUESTS, '203.0.113.1'))).toEqual({ 200: LIMIT, 429: REQUESTS - LIMIT });
  });

  it.each([
    ['crashes', () => redis.cut()],
    ['hangs', () => redis.block()],
  ])(
    'answer nothing with 5xx and stay limited when Redis %s in the middle, and count together again afterwards',
    async (how, goAway) => {
      const client = how === 'crashes' ? '203.0.113.2' : '203.0.113.3';
      const before = statuses(LIMIT / 2, client);
      const during = statuses(4 * LIMIT, client);
      await before;
      goAway();
      const seen = tally([...(await before), ...(await during), ...(await statuses(4 * LIMIT, client))]);
      expect(Object.keys(seen)).toEqual(['200', '429']);
      // Each process lets at most its own limit through: nothing that it has let through before is forgotten.
      expect(seen[200]).toBeGreaterThanOrEqual(LIMIT);
      expect(seen[200]).toBeLessThanOrEqual(2 * LIMIT);
      expect(await local(routers[0] as StandAloneRouter)).toBe('1');

      redis.open();
      await eventually(async () => {
        for (const router of routers) {
          await status(router, '203.0.113.4');
          expect(await local(router)).toBe('0');
        }
      });
      expect(tally(await statuses(100, client))).toEqual({ 429: 100 });
      const other = how === 'crashes' ? '203.0.113.5' : '203.0.113.6';
      expect(tally(await statuses(2 * LIMIT, other))).toEqual({ 200: LIMIT, 429: LIMIT });
    },
    120_000,
  );

  it('tell clients how they stand', async () => {
    const { url } = routers[0] as StandAloneRouter;
    const answer = await new GraphQLClient(`${url}/graphql`, { 'x-forwarded-for': '203.0.113.9' }).request(
      '{ __typename }',
    );
    expect(answer.headers.get('ratelimit-policy')).toBe(`${LIMIT};w=600`);
    expect(answer.headers.get('ratelimit-remaining')).toBe(String(LIMIT - 1));
    expect(answer.headers.get('x-ratelimit-limit')).toBe(String(LIMIT));
  });
});
