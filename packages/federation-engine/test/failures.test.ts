import { describe, expect, it } from '@jest/globals';
import { OperationAborted, type SubgraphFailure } from '@platform/federation-engine';
import { errorsOf } from './federation.js';
import { shop } from './shop.js';

describe('errors of subgraphs', () => {
  it('propagates null through an entity and names every place of it', async () => {
    const federation = shop();
    const result = await federation.run('{ latest { id author { email } } }');

    expect(federation.requestsTo('accounts')).toHaveLength(1);
    expect(result.data).toBeNull();
    expect(errorsOf(result)).toEqual([{ code: undefined, path: 'latest.2.author.email' }]);
    expect(result.errors?.[0]?.extensions).toMatchObject({ service: 'accounts' });
  });

  it('reports one error per place when the failed entity stands in several', async () => {
    const result = await shop().run(
      '{ a: users { reviews { product { ... on Furniture { again: reviews { author { email } } } } } } }',
    );
    expect(errorsOf(result).map(({ path }) => path)).toEqual([
      'a.0.reviews.0.product.again.1.author.email',
      'a.1.reviews.0.product.again.1.author.email',
    ]);
    expect(result.data).toEqual({
      a: [{ reviews: [{ product: null }, { product: {} }] }, { reviews: [{ product: null }] }],
    });
  });

  it('keeps code and extensions of the subgraph and adds its name', async () => {
    const federation = shop();
    federation.intercepts.set('accounts', async () => ({
      data: { me: null },
      errors: [{ message: 'No', path: ['me'], extensions: { code: 'ACCOUNT_LOCKED', until: 5 } }],
    }));
    expect(await federation.run('{ aliased: me { name } }')).toEqual({
      data: { aliased: null },
      errors: [{ message: 'No', extensions: { code: 'ACCOUNT_LOCKED', until: 5, service: 'accounts' } }],
    });
  });

  it('rewrites paths to the client’s aliases', async () => {
    const federation = shop();
    const result = await federation.run('{ name: users { e: email } }');
    expect(errorsOf(result)).toEqual([{ code: undefined, path: 'name.1.e' }]);
    expect(result.data).toBeNull();
  });

  it('reports a null that nobody explained, once', async () => {
    const federation = shop();
    federation.intercepts.set('accounts', async ({ variables }) => ({
      data: { _entities: (variables?.['representations'] as unknown[] | undefined)?.map(() => null) },
    }));
    const result = await federation.run('{ users: latest { body author { email } } }');
    expect(result.data).toBeNull();
    expect(errorsOf(result)).toEqual(
      [0, 1, 2].map((index) => ({ code: 'NULL_FOR_NON_NULL_FIELD', path: `users.${index}.author.email` })),
    );
  });

  it('cuts a path where the client selected nothing', async () => {
    const federation = shop();
    federation.intercepts.set('catalog', async (_request, next) => {
      const response = await next();
      return { ...response, errors: [{ message: 'No price', path: ['products', 0, 'price'] }] };
    });
    const result = await federation.run('{ products { ... on Furniture { shipping } } }');
    expect(errorsOf(result)).toEqual([{ code: undefined, path: 'products.0' }]);
  });
});

describe('a subgraph that fails as a whole', () => {
  const query = '{ me { name reviews { body } } latest { id } }';

  const unavailable = [
    { code: 'SUBGRAPH_UNAVAILABLE', path: 'latest' },
    { code: 'SUBGRAPH_UNAVAILABLE', path: 'me.reviews' },
  ];

  it('leaves the rest of the answer when it throws', async () => {
    const causes: SubgraphFailure[] = [];
    const federation = shop({ onSubgraphFailure: (failure) => causes.push(failure) });
    federation.intercepts.set('reviews', () => Promise.reject(new Error('ECONNREFUSED')));

    const result = await federation.run('{ me { name reviews { body } } }');
    expect(result.data).toEqual({ me: { name: 'Ada', reviews: null } });
    expect(errorsOf(result)).toEqual([{ code: 'SUBGRAPH_UNAVAILABLE', path: 'me.reviews' }]);
    expect(result.errors?.[0]?.extensions?.['service']).toBe('reviews');
    expect(causes[0]?.originalError?.message).toBe('ECONNREFUSED');
  });

  it('propagates null from a non-null root field', async () => {
    const federation = shop();
    federation.intercepts.set('reviews', () => {
      throw new Error('not even a promise');
    });
    const result = await federation.run(query);
    expect(result.data).toBeNull();
    expect(errorsOf(result)).toEqual(unavailable);
  });

  it('stops waiting after the timeout, and tells the endpoint', async () => {
    let told: AbortSignal | undefined;
    const federation = shop({ timeoutMs: (subgraph) => (subgraph === 'reviews' ? 20 : 5_000) });
    federation.intercepts.set('reviews', (_request, _next, signal) => {
      told = signal;
      return new Promise(() => {});
    });
    const result = await federation.run('{ me { name reviews { body } } }');
    expect(result.data).toEqual({ me: { name: 'Ada', reviews: null } });
    expect(errorsOf(result)).toEqual([{ code: 'SUBGRAPH_TIMEOUT', path: 'me.reviews' }]);
    expect(told?.aborted).toBe(true);
  });

  it.each([
    ['no object', 'nonsense'],
    ['neither data nor errors', {}],
    ['data that is a list', { data: [] }],
    ['errors that are no list', { data: {}, errors: 'many' }],
    ['errors without objects', { data: {}, errors: ['bad'] }],
    ['entities that are no list', { data: { _entities: {} } }],
    ['too few entities', { data: { _entities: [] } }],
    ['too many entities', { data: { _entities: [null, null] } }],
  ])('refuses %s', async (_name, response) => {
    const federation = shop();
    federation.intercepts.set('reviews', async () => response as never);
    const result = await federation.run('{ me { name reviews { body } } }');
    expect(result.data).toEqual({ me: { name: 'Ada', reviews: null } });
    expect(errorsOf(result)).toEqual([{ code: 'SUBGRAPH_INVALID_RESPONSE', path: 'me.reviews' }]);
  });

  it.each([
    ['a string for an object', { me: 'Ada' }],
    ['a list for an object', { me: [] }],
  ])('refuses %s inside the data', async (_name, data) => {
    const federation = shop();
    federation.intercepts.set('accounts', async () => ({ data }));
    const result = await federation.run('{ me { name } }');
    expect(result.data).toEqual({ me: null });
    expect(errorsOf(result)).toEqual([{ code: 'SUBGRAPH_INVALID_RESPONSE', path: 'me' }]);
  });

  it('cannot be used to change the prototype of objects', async () => {
    const federation = shop();
    const poison = JSON.parse('{"__typename":"User","id":"u1","name":"Ada","__proto__":{"polluted":true}}');
    federation.intercepts.set('accounts', async () => ({ data: { me: poison } }));
    federation.intercepts.set('reviews', async () => ({
      data: { _entities: [JSON.parse('{"reviews":[],"__proto__":{"polluted":true}}')] },
    }));
    const { data } = await federation.run('{ me { name reviews { id } } }');
    expect(data).toEqual({ me: { name: 'Ada', reviews: [] } });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('a caller that goes away', () => {
  it('ends the operation and what was asked for it', async () => {
    const controller = new AbortController();
    const federation = shop();
    let told: AbortSignal | undefined;
    federation.intercepts.set('accounts', (_request, _next, signal) => {
      told = signal;
      controller.abort();
      return new Promise(() => {});
    });
    await expect(federation.run('{ me { name } }', { signal: controller.signal })).rejects.toThrow(OperationAborted);
    expect(told?.aborted).toBe(true);
  });
});

describe('mutations', () => {
  it('run one after the other and are completed by other subgraphs', async () => {
    const federation = shop();
    const { data } = await federation.run(`mutation {
      rename(id: "u1", name: "Eve") { name reviews { id } }
      review(upc: "p1") { author { name } }
      count
    }`);
    expect(data).toEqual({
      rename: { name: 'Eve', reviews: [{ id: 'r1' }, { id: 'r2' }] },
      review: { author: { name: 'Ada' } },
      count: 1,
    });
    expect(federation.requests.map(({ subgraph }) => subgraph)).toEqual([
      'accounts',
      'reviews',
      'reviews',
      'accounts',
      'accounts',
    ]);
  });

  it('are not begun after one whose failure makes the answer null', async () => {
    const federation = shop();
    const result = await federation.run('mutation { fail flag }');
    expect(result.data).toBeNull();
    expect(errorsOf(result)).toEqual([{ code: undefined, path: 'fail' }]);
    expect(federation.requestsTo('reviews')).toHaveLength(0);
  });

  it('go on after one that may be null', async () => {
    const result = await shop().run('mutation { failSoftly flag }');
    expect(result.data).toEqual({ failSoftly: null, flag: 7 });
    expect(errorsOf(result)).toEqual([{ code: undefined, path: 'failSoftly' }]);
  });
});
