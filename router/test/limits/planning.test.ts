import {
  Engine,
  loadSupergraph,
  PlannerOverloaded,
  PlanningTimeout,
  unauthenticated,
} from '@platform/federation-engine';
import { composeSupergraph } from '@platform/federation-engine/composition';
import { requestContext } from '@platform/foundation/logging';
import { RouterHarness } from '../http/router-harness.js';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])\n';

/** Four subgraphs that share nearly everything: there are many ways to plan what is nested. */
const { sdl } = composeSupergraph(
  [0, 1, 2, 3].map((index) => ({
    name: `s${index}`,
    url: `http://s${index}`,
    typeDefs: `${LINK}
      type Query { t: T @shareable }
      type T @key(fields: "id") { id: ID! n: T @shareable m: T @shareable a: Int @shareable own${index}: Int }`,
  })),
);

const nested = (levels: number): string =>
  levels === 0 ? 'own0 own1 own2 a' : `own${levels % 4} n { ${nested(levels - 1)} } m { ${nested(levels - 1)} }`;

describe('planning on threads of its own', () => {
  let engine: Engine;
  afterEach(() => engine.close());

  const start = (planning: { threads: number; timeoutMs: number; anonymousTimeoutMs?: number; queue: number }) => {
    engine = new Engine({
      supergraph: loadSupergraph(sdl),
      endpoints: () => ({ execute: async () => ({ data: { t: { __typename: 'T', id: '1', a: 1 } } }) }),
      planning,
    });
  };
  const plan = async (query: string, variables = {}) =>
    (await engine.prepare(engine.operation(query), unauthenticated, variables)).fetches;

  it('leads to the plans that the thread of requests would make', async () => {
    const queries = [
      '{ t { a } }',
      `{ t { ${nested(1)} } }`,
      'query ($on: Boolean!) { t { own1 @include(if: $on) own2 } }',
    ];
    const fetches = async (threads: number) => {
      start({ threads, timeoutMs: 60_000, queue: 10 });
      const counts = [];
      for (const query of queries) counts.push(await plan(query, { on: true }), await plan(query, { on: false }));
      engine.close();
      return counts;
    };
    expect(await fetches(1)).toEqual(await fetches(0));
  });

  it('cuts off what takes too long, remembers it, and plans on', async () => {
    start({ threads: 1, timeoutMs: 700, queue: 10 });
    const endless = `{ t { ${nested(9)} } }`;
    let turns = 0;
    const turning = setInterval(() => (turns += 1), 1);
    await expect(plan(endless)).rejects.toThrow(PlanningTimeout);
    expect(turns).toBeGreaterThan(10);
    clearInterval(turning);
    await expect(plan(endless)).rejects.toThrow(PlanningTimeout);
    expect(await plan('{ t { a } }')).toBe(1);
  });

  it('lets only so many wait', async () => {
    start({ threads: 1, timeoutMs: 700, queue: 1 });
    const [first, second, third] = await Promise.allSettled([
      plan(`{ t { ${nested(9)} } }`),
      plan('{ t { a } }'),
      plan('{ t { own1 } }'),
    ]);
    expect(first).toMatchObject({ status: 'rejected', reason: expect.any(PlanningTimeout) });
    expect(second).toMatchObject({ status: 'fulfilled' });
    expect(third).toMatchObject({ status: 'rejected', reason: expect.any(PlannerOverloaded) });
  });

  /** Distinct operations that take long; those of an anonymous client of an address, or of a user. */
  const heavy = (index: number) => `query Heavy${index} { t { h${index}: own0 ${nested(9)} } }`;
  const from = <T>(asker: { clientIp?: string; userId?: string }, act: () => Promise<T>) =>
    requestContext.run({ requestId: 'r', ...asker }, act);

  it('lets heavy operations of one network keep nobody else waiting for more than one of them', async () => {
    start({ threads: 1, timeoutMs: 60_000, anonymousTimeoutMs: 400, queue: 100 });
    const ended: string[] = [];
    const told = (name: string, work: Promise<unknown>) =>
      work.then(
        () => ended.push(name),
        () => ended.push(name),
      );
    const noise = Array.from({ length: 6 }, (_, index) =>
      told(
        'heavy',
        from({ clientIp: `2001:db8::${index + 1}` }, () => plan(heavy(index))),
      ),
    );
    const light = told(
      'light',
      from({ clientIp: '203.0.113.7' }, () => plan('{ t { a own1 } }')),
    );
    await Promise.all([...noise, light]);
    expect(ended).toEqual(['heavy', 'light', ...Array(5).fill('heavy')]);
  }, 60_000);

  it('has a thread for callers who signed in while anonymous ones keep the others busy', async () => {
    start({ threads: 1, timeoutMs: 600_000, queue: 100 });
    const endless = Array.from({ length: 5 }, (_, index) =>
      from({ clientIp: `203.0.113.${index}` }, () => plan(heavy(index))).catch(() => 'given up'),
    );
    expect(await from({ userId: 'ada', clientIp: '203.0.113.1' }, () => plan('{ t { a } }'))).toBe(1);
    engine.close();
    expect(await Promise.all(endless)).toEqual(Array(5).fill('given up'));
  }, 60_000);

  it('makes one plan for all who want it at the same time', async () => {
    start({ threads: 1, timeoutMs: 60_000, queue: 1 });
    const wanted = Array.from({ length: 20 }, () => plan('{ t { a own1 own2 } }'));
    expect(new Set(await Promise.all(wanted)).size).toBe(1);
  });
});

describe('a router', () => {
  it.each([0, 1])(
    'answers alike with %d planning threads, and refuses plans with too many fetches',
    async (threads) => {
      const router = new RouterHarness();
      const { planning } = router.defaults;
      await router.start({ router: { planning: { ...planning, threads, maxFetches: 1 } } });
      expect(await router.client.data('{ hello }')).toEqual({ hello: 'Hello, world' });
      const token = await router.issuer.token();
      const { status, errors } = await router.client.withToken(token).request('{ hello me }');
      expect(errors).toMatchObject([{ extensions: { code: 'MAX_FETCHES_LIMIT', found: 2, maximum: 1 } }]);
      expect(status).toBe(400);
      await router.stop();
    },
  );
});
