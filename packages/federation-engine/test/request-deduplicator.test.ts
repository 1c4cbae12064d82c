import { describe, expect, it } from '@jest/globals';
import { OperationAborted, type SubgraphResponse } from '@platform/federation-engine';
import fc from 'fast-check';
import { errorsOf, Federation } from './federation.js';
import { accounts, reviewing, shop } from './shop.js';

/** A subgraph that answers when the test says so. */
function held(federation: Federation, subgraph: string) {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const signals: (AbortSignal | undefined)[] = [];
  federation.intercepts.set(subgraph, async (_request, next, signal) => {
    signals.push(signal);
    await released;
    return next();
  });
  return { release: () => release(), signals };
}

const shares = [
  ['requests to subgraphs', { operations: false }],
  ['queries of clients', { subgraphs: false }],
] as const;

describe.each(shares)('identical %s at the same time', (_name, deduplication) => {
  const query = '{ me { name reviews { id author { name } } } }';

  it('are made once, and everyone has the whole answer', async () => {
    const alone = await shop().run(query);
    const federation = shop({ deduplication });
    const all = await Promise.all(Array.from({ length: 5 }, () => federation.run(query)));

    expect(all).toEqual(Array.from({ length: 5 }, () => alone));
    expect(federation.requestsTo('accounts').length).toBe(await requestsOf(query));
  });

  it('are the same whatever identifies the single request', async () => {
    const federation = shop({ deduplication });
    const run = (id: string) => federation.run('{ me { name } }', { headers: { 'x-request-id': id } });
    await Promise.all([run('1'), run('2')]);
    expect(federation.requests).toHaveLength(1);
  });

  it('are not the same for callers that subgraphs can tell apart', async () => {
    const federation = shop({ deduplication });
    const run = (token: string) => federation.run('{ me { name } }', { headers: { 'x-caller-token': token } });
    await Promise.all([run('ada'), run('bob')]);
    expect(federation.requests.map(({ headers }) => headers['x-caller-token'])).toEqual(['ada', 'bob']);
  });

  it('are not shared when they are mutations', async () => {
    const federation = shop({ deduplication });
    await Promise.all([federation.run('mutation { count }'), federation.run('mutation { count }')]);
    expect(federation.requests).toHaveLength(2);
  });

  it('are not joined by who has written in between', async () => {
    const federation = shop({ deduplication });
    const { release } = held(federation, 'accounts');
    const before = federation.run('{ me { name } }');
    await federation.run('mutation { flag }');
    const after = federation.run('{ me { name } }');
    release();
    await Promise.all([before, after]);
    expect(federation.requestsTo('accounts')).toHaveLength(2);
  });

  it('go on for the others when one leaves, and end with the last', async () => {
    const federation = shop({ deduplication });
    const { release, signals } = held(federation, 'accounts');
    const [first, second] = [new AbortController(), new AbortController()];
    const leaving = federation.run('{ me { name } }', { signal: first.signal });
    const staying = federation.run('{ me { name } }', { signal: second.signal });
    await turn();
    first.abort();
    await expect(leaving).rejects.toThrow(OperationAborted);
    expect(signals.map((signal) => signal?.aborted)).toEqual([false]);
    release();
    expect(await staying).toEqual({ data: { me: { name: 'Ada' } } });

    const { signals: later } = held(federation, 'accounts');
    const third = new AbortController();
    const last = federation.run('{ me { name } }', { signal: third.signal });
    await turn();
    third.abort();
    await expect(last).rejects.toThrow(OperationAborted);
    expect(later.map((signal) => signal?.aborted)).toEqual([true]);
  });
});

describe('requests for what is declared public', () => {
  const LINKS = `extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective"])
    @link(url: "https://specs.example.com/cacheControl/v0.1", import: [{ name: "@cacheControl", as: "@kept" }])
    @composeDirective(name: "@kept")
    directive @kept(scope: Scope, maxAge: Int) on FIELD_DEFINITION | OBJECT | INTERFACE
    enum Scope { PUBLIC PRIVATE }`;
  const catalogue = {
    name: 'catalogue',
    typeDefs: `${LINKS}
      type Query {
        shops: [Shop] @kept(scope: PUBLIC)
        wares: [Ware] @kept(scope: PUBLIC)
        mine: [Shop]
        street: Street @kept(scope: PUBLIC)
        alley: Alley @kept(scope: PUBLIC)
      }
      interface Ware { label: String @kept(scope: PUBLIC) }
      type Lamp implements Ware { label: String @kept(scope: PUBLIC) }
      type Chair implements Ware { label: String }
      type Shop @key(fields: "id") {
        id: ID! @kept(scope: PUBLIC) name: String @kept(scope: PUBLIC) discount: Int @kept(scope: PRIVATE)
      }
      type Street @kept(scope: PUBLIC) { name: String }
      type Alley @key(fields: "id") @kept(scope: PUBLIC) { id: ID! @kept(scope: PUBLIC) width: Int }`,
    resolvers: {
      Query: {
        shops: () => [{ id: '1', name: 'Corner' }],
        mine: () => [{ id: '1', name: 'Corner' }],
        wares: () => [],
        street: () => ({ name: 'High' }),
        alley: () => ({ id: '1', width: 2 }),
      },
    },
  };
  const ratings = {
    name: 'ratings',
    typeDefs: `${LINKS}
      type Shop @key(fields: "id") {
        id: ID! @kept(scope: PUBLIC) stars: Int @kept(scope: PUBLIC) visits: Int @kept(maxAge: 5)
      }
      type Alley @key(fields: "id") { id: ID! cats: Int }`,
    resolvers: { Shop: { __resolveReference: ({ id }: { id: string }) => ({ id, stars: 5, visits: 1 }) } },
  };
  const market = () => new Federation([catalogue, ratings], { deduplication: { operations: false } });
  const callers = [
    { 'x-caller-token': 'ada', authorization: 'Bearer a', 'x-client-ip': '10.0.0.1', 'user-agent': 'one' },
    { 'x-caller-token': 'bob', authorization: 'Bearer b', 'x-client-ip': '10.0.0.2', 'user-agent': 'two' },
  ];
  const forAll = (federation: Federation, query: string) =>
    Promise.all(callers.map((headers) => federation.run(query, { headers })));

  it('are made once for callers that subgraphs can tell apart', async () => {
    const federation = market();
    const [ada, bob] = await forAll(federation, '{ shops { name stars } }');
    expect(ada).toEqual({ data: { shops: [{ name: 'Corner', stars: 5 }] } });
    expect(bob).toEqual(ada);
    expect(federation.requests.map(({ subgraph }) => subgraph)).toEqual(['catalogue', 'ratings']);
  });

  it('are made once where the type of one subgraph says it of its fields', async () => {
    const federation = market();
    await forAll(federation, '{ street { name } }');
    expect(federation.requests).toHaveLength(1);
  });

  it.each([
    ['another subgraph has the type too, whatever one says of it', '{ alley { width } }', 'catalogue'],
    ['a field says PRIVATE', '{ shops { name discount } }', 'catalogue'],
    ['a root field says nothing, whatever its type says', '{ mine { name } }', 'catalogue'],
    ['an object of the interface says nothing', '{ wares { label } }', 'catalogue'],
    ['a field says nothing of the scope', '{ shops { visits } }', 'ratings'],
  ])('are made for each caller where %s', async (_where, query, subgraph) => {
    const federation = market();
    await forAll(federation, query);
    expect(federation.requestsTo(subgraph)).toHaveLength(2);
  });

  it('are made once per tenant, and per value of every other header', async () => {
    const federation = market();
    const asked = [
      { headers: { 'accept-language': 'en' }, tenant: 'one' },
      { headers: { 'accept-language': 'de' }, tenant: 'one' },
      { headers: { 'accept-language': 'en' }, tenant: 'two' },
      { headers: { 'accept-language': 'en' }, tenant: 'one' },
    ];
    await Promise.all(asked.map((each) => federation.run('{ shops { name } }', each)));
    expect(federation.requests).toHaveLength(3);
  });

  it('are made again for who would get the errors of another', async () => {
    const federation = market();
    federation.intercepts.set('catalogue', async (_request, next) => {
      const { headers } = federation.requests.at(-1) ?? {};
      await turn();
      if (headers?.['x-caller-token'] === 'ada') return { data: null, errors: [{ message: 'Who is ada?' }] };
      return next();
    });
    const [ada, bob] = await forAll(federation, '{ shops { name } }');
    expect(ada?.errors).toHaveLength(1);
    expect(bob).toEqual({ data: { shops: [{ name: 'Corner' }] } });
  });
});

describe('a shared request that fails', () => {
  it('fails for all who share it, each with paths of its own', async () => {
    const failures: unknown[] = [];
    const federation = shop({ onSubgraphFailure: (failure) => failures.push(failure) });
    federation.intercepts.set('reviews', () => Promise.reject(new Error('ECONNREFUSED')));
    const run = (alias: string) => federation.run(`query Q { me { ${alias}: reviews { id } } }`);
    const all = await Promise.all([run('a'), run('b'), run('a')]);

    expect(all.map((result) => errorsOf(result).map(({ path }) => path))).toEqual([['me.a'], ['me.b'], ['me.a']]);
    expect(failures).toHaveLength(2);
  });
});

describe('random operations of several callers at the same time', () => {
  const fields = ['id', 'name', 'email', 'again: name'];

  it('never see what was answered for another', async () => {
    const federation = new Federation([accounts, reviewing], {
      endpoints: () => ({
        execute: async (_request, headers): Promise<SubgraphResponse> => {
          const caller = String(headers['x-caller-token']);
          await turn();
          return { data: { me: { id: caller, name: caller, again: caller, _client_name: caller, email: caller } } };
        },
      }),
    });
    const request = fc.record({
      caller: fc.constantFrom('ada', 'bob', 'eve'),
      picked: fc.subarray(fields, { minLength: 1 }),
      late: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 2, maxLength: 12 }), async (requests) => {
        const answered = requests.map(async ({ caller, picked, late }) => {
          if (late) await turn();
          const { data } = await federation.run(`{ me { ${picked.join(' ')} } }`, {
            headers: { 'x-caller-token': caller },
          });
          expect(new Set(Object.values(data?.['me'] as object))).toEqual(new Set([caller]));
        });
        await Promise.all(answered);
      }),
      { numRuns: 200 },
    );
  });
});

/** How many requests accounts gets for the query of one client. */
async function requestsOf(query: string): Promise<number> {
  const federation = shop();
  await federation.run(query);
  return federation.requestsTo('accounts').length;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
