import { createLogger } from '@platform/foundation/logging';
import { Metrics } from '@platform/foundation/metrics';
import type { SubgraphEndpoint, SubgraphResponse } from '@platform/subgraph-client/endpoints';
import { eventually } from '@platform/testkit';
import { SubgraphCalls } from '../../src/subgraph-calls/index.js';

type Config = ConstructorParameters<typeof SubgraphCalls>[0]['config']['router']['traffic'];

const CONFIG: Config = {
  concurrency: { limit: 100, queue: 100 },
  retry: { attempts: 2, backoff: 1, budgetRatio: 0.2 },
  breaker: {
    enabled: false,
    failureRatio: 0.5,
    minimumRequests: 4,
    window: 10_000,
    resetTimeout: 1_000,
    halfOpenRequests: 2,
  },
  hedgeDelay: null,
  subgraphs: {},
};
const ANSWER = { data: { name: 'well' } };
const QUERY = { query: 'query Name { name }' };

/** One call that a subgraph has got. */
interface Got {
  readonly signal: AbortSignal | undefined;
  answer(response?: SubgraphResponse): void;
  fail(): void;
}

describe('traffic to a subgraph', () => {
  let metrics: Metrics;
  let got: Got[];

  beforeEach(() => {
    metrics = new Metrics();
    got = [];
  });

  const subgraph: SubgraphEndpoint = {
    execute: (_request, _headers, signal) =>
      new Promise((resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason));
        got.push({ signal, answer: (response = ANSWER) => resolve(response), fail: () => reject(new Error('reset')) });
      }),
  };
  const shaped = (config: Partial<Config>, endpoint = subgraph): SubgraphEndpoint =>
    new SubgraphCalls({
      config: { router: { traffic: { ...CONFIG, ...config } }, apollo: { key: null } },
      timeoutMs: () => 5_000,
      metrics,
      logger: createLogger({ level: 'silent', format: 'json' }),
    }).around(() => endpoint)('shop');

  const call = (index: number): Promise<Got> =>
    eventually(() => {
      const one = got[index];
      if (!one) throw new Error(`There is no call ${index} yet`);
      return one;
    });
  const counted = async (line: string) => expect(await metrics.registry.metrics()).toContain(line);
  const failing: SubgraphEndpoint = {
    execute: async () => {
      got.push({} as Got);
      throw new Error('reset');
    },
  };

  it('waits for its turn in a queue, and is refused at once where that is full', async () => {
    const endpoint = shaped({ concurrency: { limit: 1, queue: 1 } });
    const first = endpoint.execute(QUERY, {});
    const second = endpoint.execute(QUERY, {});
    await expect(endpoint.execute(QUERY, {})).rejects.toMatchObject({ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } });
    await counted('router_subgraph_requests_rejected_total{subgraph="shop",reason="queue_full"} 1');
    await counted('router_subgraph_requests_queued{subgraph="shop"} 1');
    expect(got).toHaveLength(1);

    (await call(0)).answer();
    (await call(1)).answer();
    expect(await Promise.all([first, second])).toEqual([ANSWER, ANSWER]);
    await counted('router_subgraph_requests_in_flight{subgraph="shop"} 0');
  });

  it('leaves the queue when nobody waits any more, and its place to the next', async () => {
    const endpoint = shaped({ concurrency: { limit: 1, queue: 1 } });
    const first = endpoint.execute(QUERY, {});
    const gone = new AbortController();
    const second = endpoint.execute(QUERY, {}, gone.signal);
    gone.abort(new Error('gone'));
    await expect(second).rejects.toThrow('gone');

    const third = endpoint.execute(QUERY, {});
    (await call(0)).answer();
    (await call(1)).answer();
    expect(await Promise.all([first, third])).toEqual([ANSWER, ANSWER]);
  });

  it('sends a query again that fails, and a mutation never', async () => {
    const endpoint = shaped({});
    const query = endpoint.execute(QUERY, {});
    (await call(0)).fail();
    (await call(1)).answer();
    expect(await query).toEqual(ANSWER);

    const mutation = endpoint.execute({ query: 'mutation { buy }' }, {});
    (await call(2)).fail();
    await expect(mutation).rejects.toThrow('reset');
    expect(got).toHaveLength(3);
  });

  it('sends little more to a subgraph that is gone than it would get anyway', async () => {
    const endpoint = shaped({}, failing);
    for (let times = 0; times < 200; times += 1) await endpoint.execute(QUERY, {}).catch(() => {});
    expect(got.length).toBeGreaterThan(200);
    expect(got.length).toBeLessThanOrEqual(200 * 1.2 + 10);
    expect(await metrics.registry.metrics()).toContain('result="over_budget"');
  });

  it('sends a slow query once more: the first answer stands, the other is given up', async () => {
    const endpoint = shaped({ hedgeDelay: 5 });
    const answer = endpoint.execute(QUERY, {});
    const [slow, quick] = [await call(0), await call(1)];
    quick.answer();
    expect(await answer).toEqual(ANSWER);
    expect(slow.signal?.aborted).toBe(true);
    await counted('router_subgraph_hedged_requests_total{subgraph="shop"} 1');
  });

  it('tries a few requests after a while, and sends everything again when they succeed', async () => {
    const breaker = { ...CONFIG.breaker, enabled: true };
    let well = false;
    const moody: SubgraphEndpoint = {
      execute: (...call) => (well ? subgraph.execute(...call) : failing.execute(...call)),
    };
    const endpoint = shaped({ breaker, retry: { ...CONFIG.retry, attempts: 0 } }, moody);
    for (let times = 0; times < 10; times += 1) await endpoint.execute(QUERY, {}).catch(() => {});
    expect(got).toHaveLength(breaker.minimumRequests); // nothing is sent any more
    await counted('router_circuit_breaker_state{subgraph="shop",state="open"} 1');
    well = true;
    got.length = 0;
    const probes: Promise<unknown>[] = [];
    await eventually(() => {
      probes.push(endpoint.execute(QUERY, {}).catch(() => 'refused'));
      expect(got.length).toBe(breaker.halfOpenRequests);
    });
    expect(await endpoint.execute(QUERY, {}).catch(() => 'refused')).toBe('refused');
    for (const probe of got) probe.answer();
    await eventually(() => counted('router_circuit_breaker_state{subgraph="shop",state="closed"} 1'));
    expect((await Promise.all(probes)).filter((outcome) => outcome !== 'refused')).toHaveLength(
      breaker.halfOpenRequests,
    );
  });
});
