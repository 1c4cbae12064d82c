import { setTimeout as wait } from 'node:timers/promises';
import { composeSupergraph } from '@platform/federation-engine/composition';
import { JsonService } from './json-service.js';
import { StandAloneRouter } from './stand-alone-router.js';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9")';
const ITEMS = Array.from({ length: 3_000 }, (_, index) => ({ id: String(index), name: `Item ${index}`, size: index }));
const QUERY = 'query ($ask: Int!, $few: Boolean) { items(ask: $ask, few: $few) { id name size } }';
/** Of a list that costs little. */
const FEW = 5;
/** As many as may wait for their turn in any case, with some to spare. */
const CROWD = 50;
/** More than there is room for. */
const FLOOD = 300;
/** How long a client waits that was refused, in ms: as Retry-After says. */
const PAUSE = 1_000;
const SECONDS = 10;

/** Clients of one router, each asking for something that no other asks for, one thing after the other. */
class Clients {
  private asked = 0;
  admitted = 0;
  /** What was refused, by status, code and Retry-After. */
  readonly refused = new Map<string, number>();

  constructor(
    readonly router: StandAloneRouter,
    private readonly few: boolean,
  ) {}

  async ask(count: number): Promise<void> {
    const end = performance.now() + SECONDS * 1000;
    const client = async (): Promise<void> => {
      while (performance.now() < end) if (!(await this.once())) await wait(PAUSE);
    };
    await Promise.all(Array.from({ length: count }, client));
  }

  /** What an operation that succeeds takes within the router, its waiting included, in seconds. */
  async meanDuration(): Promise<number> {
    const metrics = await (await fetch(`${this.router.url}/metrics`)).text();
    const sum = (name: string): number => {
      const samples = new RegExp(`^router_operation_duration_seconds_${name}\\{.*outcome="success"\\} (\\S+)`, 'gm');
      return [...metrics.matchAll(samples)].reduce((all, [, value]) => all + Number(value), 0);
    };
    return sum('sum') / sum('count');
  }

  private async once(): Promise<boolean> {
    const response = await fetch(`${this.router.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
      body: JSON.stringify({ query: QUERY, variables: { ask: ++this.asked, few: this.few } }),
    });
    const { errors } = (await response.json()) as { errors?: { extensions: { code: string } }[] };
    if (!errors) this.admitted += 1;
    else {
      const told = `${response.status} ${errors[0]?.extensions.code} ${response.headers.get('retry-after')}`;
      this.refused.set(told, (this.refused.get(told) ?? 0) + 1);
    }
    return !errors;
  }
}

describe('a router that is asked for more than it can answer at once', () => {
  let subgraph: JsonService;
  const started: Clients[] = [];

  beforeAll(async () => {
    subgraph = await JsonService.start((body) => {
      const { few } = (body as { variables: { few?: boolean } }).variables;
      return { data: { items: few ? ITEMS.slice(0, FEW) : ITEMS } };
    });
  });
  afterAll(async () => {
    for (const { router } of started) await router.stop();
    await subgraph?.stop();
  });

  const clients = async (admission: boolean, few = false): Promise<Clients> => {
    const { sdl } = composeSupergraph([
      {
        name: 'items',
        url: subgraph.url,
        typeDefs: `${LINK} type Query { items(ask: Int!, few: Boolean): [Item!]! } type Item { id: ID! name: String! size: Int! }`,
      },
    ]);
    const router = await StandAloneRouter.start({ sdl, args: ['--set', `server.admission=${admission}`] });
    const made = new Clients(router, few);
    started.push(made);
    return made;
  };

  it('lets a crowd wait', async () => {
    const crowd = await clients(true, true);
    await crowd.ask(CROWD);
    expect([...crowd.refused]).toEqual([]);
    expect(crowd.admitted).toBeGreaterThan(CROWD);
  });

  it('answers, of a flood, as many as it can in less time than all would wait for, and refuses the others', async () => {
    const [bounded, unbounded] = [await clients(true), await clients(false)];
    await unbounded.ask(FLOOD);
    const seen = new Set<number>();
    const health = setInterval(
      () => void fetch(`${bounded.router.url}/healthz`).then(({ status }) => seen.add(status)),
      500,
    );
    await bounded.ask(FLOOD);
    clearInterval(health);

    expect([...unbounded.refused]).toEqual([]);
    expect([...bounded.refused.keys()]).toEqual(['503 SERVICE_BUSY 1']);
    expect([...seen]).toEqual([200]);
    // What it does not do for the refused it does for others.
    expect(bounded.admitted).toBeGreaterThan(unbounded.admitted / 4);
    const [inTurn, together] = [await bounded.meanDuration(), await unbounded.meanDuration()];
    process.stderr.write(
      `${FLOOD} clients: ${inTurn.toFixed(2)} s within the router for each of ${bounded.admitted}, ${together.toFixed(2)} s for each of ${unbounded.admitted} without admission\n`,
    );
    expect(inTurn).toBeLessThan(together / 1.5);
  });
});
