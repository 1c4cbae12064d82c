import { closedLoop, openLoop } from '@platform/platformctl/loadtest/open-loop';
import type { Tallies } from '@platform/platformctl/loadtest/tally';
import { composeSupergraph } from '@platform/router/composition';
import { JsonService } from './json-service.js';
import { StandAloneRouter } from './stand-alone-router.js';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9")';
const ITEMS = Array.from({ length: 3_000 }, (_, index) => ({ id: String(index), name: `Item ${index}`, size: index }));
const MIX = new Map([['post', 1]] as const);
/** Several times what the router can do. */
const SHARE = 3;
const SECONDS = 8;

/** Clients of one router, each asking for something that no other asks for. */
class Clients {
  private asked = 0;
  readonly retryAfter = new Set<string | null>();

  constructor(readonly router: StandAloneRouter) {}

  send = async () => {
    const response = await fetch(`${this.router.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
      body: JSON.stringify({
        query: 'query ($ask: Int!) { items(ask: $ask) { id name size } }',
        variables: { ask: ++this.asked },
      }),
    });
    const { errors } = (await response.json()) as { errors?: { extensions: { code: string } }[] };
    if (!errors) return { outcome: 'admitted' as const };
    if (response.status === 503) this.retryAfter.add(response.headers.get('retry-after'));
    return {
      outcome: response.status === 503 ? ('refused' as const) : ('failed' as const),
      code: errors[0]?.extensions.code,
    };
  };
}

describe('a router that is asked for more than it can answer at once', () => {
  let subgraph: JsonService;
  const started: Clients[] = [];

  beforeAll(async () => {
    subgraph = await JsonService.start(() => ({ data: { items: ITEMS } }));
  });
  afterAll(async () => {
    for (const { router } of started) await router.stop();
    await subgraph?.stop();
  });

  const clients = async (admission: boolean): Promise<Clients> => {
    const { sdl } = composeSupergraph([
      {
        name: 'items',
        url: subgraph.url,
        typeDefs: `${LINK} type Query { items(ask: Int!): [Item!]! } type Item { id: ID! name: String! size: Int! }`,
      },
    ]);
    const made = new Clients(await StandAloneRouter.start({ sdl, args: ['--set', `server.admission=${admission}`] }));
    started.push(made);
    return made;
  };

  it('lets fifty clients wait who ask for one thing after the other', async () => {
    const crowd = await clients(true);
    const outcomes = new Set<string>();
    const send = async () => {
      const answer = await crowd.send();
      outcomes.add(answer.outcome);
      return answer;
    };
    await closedLoop({ send }, { mix: MIX, atATime: 50, seconds: 4 });
    expect([...outcomes]).toEqual(['admitted']);
  });

  it('answers, of three times its capacity, as many as it can in less time than all would wait for, and refuses the others', async () => {
    const [bounded, unbounded] = [await clients(true), await clients(false)];
    const rate = SHARE * (await closedLoop(unbounded, { mix: MIX, atATime: 8, seconds: 3 }));
    const load = (target: Clients): Promise<Tallies> => openLoop(target, { mix: MIX, rate, seconds: SECONDS });

    const all = await load(unbounded);
    const health = setInterval(
      () => void fetch(`${bounded.router.url}/healthz`).then(({ status }) => seen.add(status)),
      500,
    );
    const seen = new Set<number>();
    const some = await load(bounded);
    clearInterval(health);

    expect(all.all.counts.refused).toBe(0);
    expect(some.all.counts.refused).toBeGreaterThan(some.all.offered / 10);
    expect([...some.codes.keys()]).toEqual(['SERVICE_BUSY']);
    expect([...bounded.retryAfter]).toEqual(['1']);
    expect(some.all.percentile(50)).toBeLessThan(all.all.percentile(50) / 3);
    expect(some.all.percentile(95)).toBeLessThan(all.all.percentile(95));
    // What it does not do for the refused it does for others.
    expect(some.all.counts.admitted).toBeGreaterThan(some.all.offered / SHARE / 4);
    expect([...seen]).toEqual([200]);
    process.stderr.write(
      `Three times its capacity: p95 ${some.all.percentile(95).toFixed(0)} ms of those admitted, ${all.all.percentile(95).toFixed(0)} ms of all\n`,
    );
  });
});
