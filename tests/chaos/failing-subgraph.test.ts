import { setTimeout as wait } from 'node:timers/promises';
import { composeSupergraph } from '@platform/federation-engine/composition';
import { eventually } from '@platform/testkit';
import { StandAloneRouter } from '../e2e/stand-alone-router.js';
import { FaultySubgraph, type Mood } from './faulty-subgraph.js';

const TIMEOUT = 1_500;
const CLIENTS = 10;

const CONFIG = `
router:
  subgraphTimeout: ${TIMEOUT}ms
  deduplication: { subgraphs: false, operations: false }
  traffic:
    retry: { attempts: 2, backoff: 5ms, budgetRatio: 0.5 }
    breaker: { failureRatio: 0.8, minimumRequests: 10, window: 3s, resetTimeout: 300ms, halfOpenRequests: 3 }
`;

interface Row {
  readonly phase: string;
  readonly requests: number;
  readonly errorRate: number;
  readonly p50: number;
  readonly p95: number;
  readonly asked: number;
  readonly breaker: string;
  readonly steadyErrors: number;
  readonly steadyP50: number;
  readonly steadyP95: number;
}

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

describe('a subgraph that fails, stalls, dies and returns', () => {
  const moody = new FaultySubgraph('moody');
  const steady = new FaultySubgraph('steady');
  const rows: Row[] = [];
  let router: StandAloneRouter;

  beforeAll(async () => {
    const [moodyUrl, steadyUrl] = await Promise.all([moody.start(), steady.start()]);
    const { sdl } = composeSupergraph([
      { name: 'moody', url: moodyUrl, typeDefs: 'type Query { moody: String } type Mutation { upset: String }' },
      { name: 'steady', url: steadyUrl, typeDefs: 'type Query { steady: String }' },
    ]);
    router = await StandAloneRouter.start({ sdl, config: CONFIG });
  });
  afterAll(async () => {
    await router?.stop();
    moody.stop();
    steady.stop();
    process.stdout.write(`${table(rows)}\n`);
  });

  /** Asks one field again and again, with a short pause; answers each time in ms, and how many were errors. */
  const keepAsking = async (field: string, until: () => boolean): Promise<{ times: number[]; errors: number }> => {
    const times: number[] = [];
    let errors = 0;
    while (!until()) {
      const started = performance.now();
      const { data } = await router.client.request(`{ ${field} }`);
      times.push(performance.now() - started);
      if (data?.[field] !== 'well') errors += 1;
      await wait(5);
    }
    return { times, errors };
  };

  const breaker = async (): Promise<string> => {
    const text = await (await fetch(`${router.url}/metrics`)).text();
    return /^router_circuit_breaker_state\{subgraph="moody",state="([\w-]+)"\} 1$/m.exec(text)?.[1] ?? 'closed';
  };

  /** Half a second of clients that ask both subgraphs. */
  const observe = async (phase: string): Promise<Row> => {
    moody.counted();
    const ends = Date.now() + 500;
    const over = () => Date.now() > ends;
    const ask = (field: string) => Promise.all(Array.from({ length: CLIENTS }, () => keepAsking(field, over)));
    const [ofMoody, ofSteady] = await Promise.all([ask('moody'), ask('steady')]);
    const sorted = (all: typeof ofMoody) => all.flatMap(({ times }) => times).sort((a, b) => a - b);
    const errors = (all: typeof ofMoody) => all.reduce((sum, one) => sum + one.errors, 0);
    const times = sorted(ofMoody);
    const row: Row = {
      phase,
      requests: times.length,
      errorRate: errors(ofMoody) / times.length,
      p50: percentile(times, 0.5),
      p95: percentile(times, 0.95),
      asked: moody.counted(),
      breaker: await breaker(),
      steadyErrors: errors(ofSteady),
      steadyP50: percentile(sorted(ofSteady), 0.5),
      steadyP95: percentile(sorted(ofSteady), 0.95),
    };
    rows.push(row);
    return row;
  };

  /** Observes the mood until the row is as it should be, and no longer than thirty times. */
  const observeUntil = async (mood: Mood, settled: (row: Row) => boolean, phase: string = mood): Promise<Row> => {
    moody.become(mood);
    for (let turn = 1; ; turn += 1) {
      const row = await observe(phase);
      if (settled(row)) return row;
      if (turn === 30) throw new Error(`Not settled:\n${table(rows)}`);
    }
  };

  it('costs its own clients as little as can be, and those of other subgraphs nothing', async () => {
    await observeUntil('answers', ({ errorRate }) => errorRate === 0);

    moody.become('fails half');
    const half = [await observe('fails half'), await observe('fails half')];
    for (const { errorRate, breaker } of half) {
      expect(errorRate).toBeLessThan(0.45); // retries answer for some of what fails
      expect(breaker).toBe('closed');
    }

    const stalled = await observeUntil('stalls', ({ breaker, p50 }) => breaker !== 'closed' && p50 < TIMEOUT / 2);
    expect(stalled.errorRate).toBe(1);
    expect(stalled.asked).toBeLessThan(stalled.requests); // what would fail is not even sent

    const dead = await observeUntil('is dead', ({ breaker, p50 }) => breaker !== 'closed' && p50 < TIMEOUT / 2);
    expect(dead.errorRate).toBe(1);

    const back = await observeUntil('answers', ({ errorRate }) => errorRate === 0, 'returns');
    expect(back.breaker).toBe('closed');

    for (const { steadyErrors } of rows) expect(steadyErrors).toBe(0);
    for (const trouble of ['stalls', 'is dead']) {
      const others = rows.filter(({ phase }) => phase === trouble).map(({ steadyP50 }) => steadyP50);
      expect(Math.min(...others)).toBeLessThan(TIMEOUT / 2); // who waited for the other subgraph would take the whole time
    }
  });

  it('hears how long it has, never of a mutation twice, and that its answer is not wanted any more', async () => {
    moody.become('answers');
    await router.client.data('{ moody }');
    const left = Number(moody.headers.at(-1)?.['x-timeout-ms']);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(TIMEOUT);

    const { abandoned } = moody;
    moody.become('stalls');
    moody.counted();
    expect(await router.client.codes('mutation { upset }')).toEqual(['SUBGRAPH_TIMEOUT']);
    expect(moody.counted()).toBe(1);
    await eventually(() => expect(moody.abandoned).toBe(abandoned + 1));
  });
});

function table(rows: readonly Row[]): string {
  const columns: [string, (row: Row) => string][] = [
    ['subgraph', ({ phase }) => phase],
    ['requests', ({ requests }) => String(requests)],
    ['errors', ({ errorRate }) => `${Math.round(errorRate * 100)} %`],
    ['p50 ms', ({ p50 }) => p50.toFixed(0)],
    ['p95 ms', ({ p95 }) => p95.toFixed(0)],
    ['asked', ({ asked }) => String(asked)],
    ['breaker', ({ breaker }) => breaker],
    ['others: errors', ({ steadyErrors }) => String(steadyErrors)],
    ['p50 ms', ({ steadyP50 }) => steadyP50.toFixed(0)],
    ['p95 ms', ({ steadyP95 }) => steadyP95.toFixed(0)],
  ];
  const line = (cells: string[]): string => `| ${cells.map((cell) => cell.padEnd(14)).join(' | ')} |`;
  return [
    line(columns.map(([name]) => name)),
    line(columns.map(() => '-'.repeat(14))),
    ...rows.map((row) => line(columns.map(([, cell]) => cell(row)))),
  ].join('\n');
}
