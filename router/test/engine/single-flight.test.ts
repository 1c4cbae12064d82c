import { describe, expect, it } from '@jest/globals';
import { OperationAborted, type SubgraphResponse } from '@platform/router/engine';
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

describe.each(shares)('identical %s at the same time', (_name, singleFlight) => {
  const query = '{ me { name reviews { id author { name } } } }';

  it('are made once, and everyone has the whole answer', async () => {
    const alone = await shop().run(query);
    const federation = shop({ singleFlight });
    const all = await Promise.all(Array.from({ length: 5 }, () => federation.run(query)));

    expect(all).toEqual(Array.from({ length: 5 }, () => alone));
    expect(federation.requestsTo('accounts').length).toBe(await requestsOf(query));
  });

  it('are the same whatever identifies the single request', async () => {
    const federation = shop({ singleFlight });
    const run = (id: string) => federation.run('{ me { name } }', { headers: { 'x-request-id': id } });
    await Promise.all([run('1'), run('2')]);
    expect(federation.requests).toHaveLength(1);
  });

  it('are not the same for callers that subgraphs can tell apart', async () => {
    const federation = shop({ singleFlight });
    const run = (token: string) => federation.run('{ me { name } }', { headers: { 'x-caller-token': token } });
    await Promise.all([run('ada'), run('bob')]);
    expect(federation.requests.map(({ headers }) => headers['x-caller-token'])).toEqual(['ada', 'bob']);
  });

  it('are not shared when they are mutations', async () => {
    const federation = shop({ singleFlight });
    await Promise.all([federation.run('mutation { count }'), federation.run('mutation { count }')]);
    expect(federation.requests).toHaveLength(2);
  });

  it('are not joined by who has written in between', async () => {
    const federation = shop({ singleFlight });
    const { release } = held(federation, 'accounts');
    const before = federation.run('{ me { name } }');
    await federation.run('mutation { flag }');
    const after = federation.run('{ me { name } }');
    release();
    await Promise.all([before, after]);
    expect(federation.requestsTo('accounts')).toHaveLength(2);
  });

  it('go on for the others when one leaves, and end with the last', async () => {
    const federation = shop({ singleFlight });
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
