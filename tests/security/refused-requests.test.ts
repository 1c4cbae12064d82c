import { composeSupergraph } from '@platform/federation-engine/composition';
import { runSetting } from '@platform/testkit';
import { StandAloneRouter } from '../e2e/stand-alone-router.js';

/** More of them in a run at night. */
const REQUESTS = runSetting('REFUSED_REQUESTS', 800);
const HEAP = 512;
const AT_A_TIME = 8;

const { sdl } = composeSupergraph([
  {
    name: 'shop',
    url: 'http://127.0.0.1:9',
    typeDefs: 'type Query { a: Int n: N list(of: [String]): Int } type N { a: Int n: N }',
  },
]);

const repeated = (count: number, text: (index: number) => string) => Array.from({ length: count }, (_, n) => text(n));

/** The largest documents of each kind of refusal, no two alike. */
const kinds: Record<string, (salt: number) => string> = {
  'a repeated field': (salt) => `query Q${salt} { ${'a '.repeat(9_900)}}`,
  'unknown fields': (salt) => `{ ${repeated(1_900, (n) => `u${salt}_${n}`).join(' ')} }`,
  'unknown fragments': (salt) => `{ ${repeated(490, (n) => `...F${salt}_${n}`).join(' ')} }`,
  'a large list': (salt) => `query Q${salt} { missing list(of: [${'"" '.repeat(9_800)}]) }`,
  'many operations': (salt) => repeated(1_600, (n) => `query Q${salt}_${n} { b }`).join('\n'),
  'nothing but a syntax error': (salt) => `query Q${salt} { ${'a '.repeat(9_900)}`,
};

describe('requests that are refused', () => {
  let router: StandAloneRouter;
  beforeAll(async () => {
    router = await StandAloneRouter.start({ sdl, env: { NODE_OPTIONS: `--max-old-space-size=${HEAP}` } });
  });
  afterAll(() => router.stop());

  const refused = async (query: string): Promise<void> => {
    const answer = await fetch(`${router.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ query, operationName: 'None' }),
    });
    const { errors } = (await answer.json()) as { errors?: unknown[] };
    expect(errors).not.toHaveLength(0);
  };
  const flood = async (kind: (salt: number) => string, from: number, count: number) => {
    let next = from;
    const client = async () => {
      while (next < from + count) await refused(kind(next++));
    };
    await Promise.all(repeated(AT_A_TIME, () => '').map(client));
  };
  const heapUsed = async (): Promise<number> => {
    const text = await (await fetch(`${router.url}/metrics`)).text();
    const [, bytes] = /^nodejs_heap_size_used_bytes (\S+)/m.exec(text) ?? [];
    return Number(bytes) / 1024 / 1024;
  };

  /** The least heap seen while all kinds come: what the last collections left. */
  const leastHeap = async (from: number, each: number): Promise<number> => {
    let least = Number.POSITIVE_INFINITY;
    for (const kind of Object.values(kinds))
      for (let sent = 0; sent < each; sent += AT_A_TIME) {
        await flood(kind, from + sent, Math.min(AT_A_TIME, each - sent));
        least = Math.min(least, await heapUsed());
      }
    return least;
  };

  it('leave nothing behind in a router with a small heap, whatever they are refused for', async () => {
    const each = Math.ceil(REQUESTS / Object.keys(kinds).length / 2);
    await leastHeap(0, 20);
    const first = await leastHeap(20, each);
    const second = await leastHeap(20 + each, each);
    expect(second).toBeLessThan(first + HEAP / 8);
    const answer = await router.client.request('{ __typename }');
    expect(answer).toMatchObject({ status: 200, data: { __typename: 'Query' } });
  }, 600_000);
});
