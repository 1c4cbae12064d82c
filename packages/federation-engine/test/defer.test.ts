import { describe, expect, it } from '@jest/globals';
import { Federation, rights, type TestSubgraph } from './federation.js';
import { merged } from './merged-parts.js';
import { shop } from './shop.js';

const gate = () => Promise.withResolvers<void>();

/** The entries of every piece after the first, in their order. */
const entriesOf = (pieces: Awaited<ReturnType<Federation['runInParts']>>) =>
  pieces.flatMap(({ incremental = [] }) => incremental);

describe('@defer', () => {
  it('answers first what is not deferred, then the rest with its path and label', async () => {
    const pieces = await shop().runInParts('{ me { name ... @defer(label: "more") { reviews { body } } } }');
    expect(pieces).toEqual([
      { data: { me: { name: 'Ada' } }, hasNext: true },
      {
        incremental: [
          { data: { reviews: [{ body: 'Love it' }, { body: 'Too expensive' }] }, path: ['me'], label: 'more' },
        ],
        hasNext: false,
      },
    ]);
  });

  it('does not wait for what is deferred', async () => {
    const federation = shop();
    const reviews = gate();
    federation.intercepts.set('reviews', async (_, next) => {
      await reviews.promise;
      return next();
    });
    const parts = federation.parts('{ me { name ... @defer { reviews { body } } } }');
    expect((await parts.next()).value).toMatchObject({ data: { me: { name: 'Ada' } }, hasNext: true });
    reviews.resolve();
    expect((await parts.next()).value).toMatchObject({ incremental: [{ path: ['me'] }], hasNext: false });
  });

  it('delivers the part that is there first, whatever stands first', async () => {
    const federation = shop();
    const reviews = gate();
    federation.intercepts.set('reviews', async (_, next) => {
      await reviews.promise;
      return next();
    });
    const parts = federation.parts(`{
      me { name ... @defer(label: "slow") { reviews { body } } }
      ... @defer(label: "quick") { products { name } }
    }`);
    await parts.next();
    expect((await parts.next()).value).toMatchObject({ incremental: [{ label: 'quick', path: [] }], hasNext: true });
    reviews.resolve();
    expect((await parts.next()).value).toMatchObject({ incremental: [{ label: 'slow' }], hasNext: false });
  });

  it('delivers one entry for each item of a list', async () => {
    const pieces = await shop().runInParts('{ users { id ... @defer { name } } }');
    expect(pieces[0]).toEqual({ data: { users: [{ id: 'u1' }, { id: 'u2' }] }, hasNext: true });
    expect(entriesOf(pieces)).toEqual([
      { data: { name: 'Ada' }, path: ['users', 0] },
      { data: { name: 'Bob' }, path: ['users', 1] },
    ]);
  });

  it('delivers what is deferred within a deferred fragment after it', async () => {
    const federation = shop();
    const names = gate();
    federation.intercepts.set('catalog', async (request, next) => {
      if (request.query.includes('_entities')) await names.promise;
      return next();
    });
    const parts = federation.parts(`{
      product(upc: "p1") {
        upc
        ... @defer(label: "outer") { reviews { body product { upc ... @defer(label: "inner") { name } } } }
      }
    }`);
    await parts.next();
    expect((await parts.next()).value).toMatchObject({
      incremental: [{ label: 'outer', path: ['product'], data: { reviews: [{ product: { upc: 'p1' } }, {}] } }],
      hasNext: true,
    });
    names.resolve();
    expect((await parts.next()).value).toEqual({
      incremental: [0, 1].map((index) => ({
        label: 'inner',
        path: ['product', 'reviews', index, 'product'],
        data: { name: 'Table' },
      })),
      hasNext: false,
      json: expect.any(Function),
    });
  });

  it.each([
    [true, 2],
    [false, 1],
  ])('with if: %s delivers %i pieces', async (later, count) => {
    const query = 'query ($later: Boolean!) { me { id ... @defer(if: $later) { name } } }';
    const pieces = await shop().runInParts(query, { variables: { later } });
    expect(pieces).toHaveLength(count);
    expect(merged(pieces).data).toEqual({ me: { id: 'u1', name: 'Ada' } });
  });

  it('is passed over for clients that take one answer', async () => {
    expect(await shop().run('{ me { id ... @defer { name } } }')).toEqual({ data: { me: { id: 'u1', name: 'Ada' } } });
  });

  it('works in named fragments, on abstract types, with aliases and conditions', async () => {
    const query = `
      query ($no: Boolean!) {
        search { __typename ...later @defer(label: "found") ...never @defer @skip(if: true) }
      }
      fragment later on Product { title: name reviews { body } ... on Book { pages @include(if: $no) } }
      fragment never on Product { price }`;
    const federation = shop();
    const pieces = await federation.runInParts(query, { variables: { no: false } });
    expect(pieces[0]).toEqual({
      data: { search: [{ __typename: 'Furniture' }, { __typename: 'Book' }, { __typename: 'Furniture' }] },
      hasNext: true,
    });
    expect(entriesOf(pieces)[1]).toEqual({
      data: { title: 'Novel', reviews: [{ body: 'Too expensive' }] },
      path: ['search', 1],
      label: 'found',
    });
    expect(merged(pieces).data).toEqual((await federation.run(query, { variables: { no: false } })).data);
  });

  it('asks one subgraph once for what is deferred on objects of several types', async () => {
    const federation = shop();
    await federation.runInParts('{ search { __typename ... on Product @defer { reviews { body } } } }');
    expect(federation.requestsTo('reviews')).toHaveLength(1);
  });

  it('fetches what a deferred field requires, through a chain of subgraphs', async () => {
    const id = 'type Product @key(fields: "id") { id: ID!';
    const federation = new Federation([
      {
        name: 'catalog',
        typeDefs: `type Query { product: Product } ${id} price: Int! }`,
        resolvers: { Query: { product: () => ({ id: 'p1' }) }, Product: { price: () => 900 } },
      },
      {
        name: 'discounts',
        typeDefs: `${id} price: Int! @external reduced: Int! @requires(fields: "price") }`,
        resolvers: { Product: { reduced: ({ price }: { price: number }) => price / 2 } },
      },
      {
        name: 'wallets',
        typeDefs: `${id} reduced: Int! @external affordable(cash: Int!): Boolean! @requires(fields: "reduced") }`,
        resolvers: {
          Product: {
            affordable: ({ reduced }: { reduced: number }, { cash }: { cash: number }) => reduced <= cash,
          },
        },
      },
    ]);
    const query = '{ product { id ... @defer(label: "later") { rich: affordable(cash: 450) affordable(cash: 449) } } }';
    expect(await federation.runInParts(query)).toEqual([
      { data: { product: { id: 'p1' } }, hasNext: true },
      {
        incremental: [{ data: { rich: true, affordable: false }, path: ['product'], label: 'later' }],
        hasNext: false,
      },
    ]);
  });

  it('delivers apart what comes with the same fetch', async () => {
    const federation = new Federation([
      {
        name: 'one',
        typeDefs: 'type Query { box: Box } type Box { width: Int height: Int }',
        resolvers: { Query: { box: () => ({ width: 1, height: 2 }) } },
      },
    ]);
    expect(await federation.runInParts('{ box { width ... @defer { height } } }')).toEqual([
      { data: { box: { width: 1 } }, hasNext: true },
      { incremental: [{ data: { height: 2 }, path: ['box'] }], hasNext: false },
    ]);
    expect(federation.requests).toHaveLength(1);
  });

  it('is one answer when nothing leads to a deferred fragment', async () => {
    const pieces = await shop().runInParts('{ user(id: "nobody") { id ... @defer { name } } }');
    expect(pieces).toEqual([{ data: { user: null }, hasNext: false }]);
  });

  it('mixes with introspection', async () => {
    const pieces = await shop().runInParts(
      '{ __schema { queryType { name } } ... @defer { __typename __type(name: "User") { name } me { id } } }',
    );
    expect(pieces[0]?.data).toEqual({ __schema: { queryType: { name: 'Query' } } });
    expect(entriesOf(pieces)).toEqual([
      { data: { __typename: 'Query', __type: { name: 'User' }, me: { id: 'u1' } }, path: [] },
    ]);
  });

  it('runs a mutation before anything that is deferred below it', async () => {
    const federation = shop();
    const pieces = await federation.runInParts(
      'mutation { rename(id: "u1", name: "Eve") { id ... @defer { reviews { body } } } flag count }',
    );
    expect(pieces[0]).toEqual({ data: { rename: { id: 'u1' }, flag: 7, count: 1 }, hasNext: true });
    const order = federation.requests.map(({ query }) => (query.startsWith('mutation') ? 'mutation' : 'query'));
    expect(order).toEqual([...order].sort());
    expect(entriesOf(pieces)).toMatchObject([{ path: ['rename'], data: { reviews: [{ body: 'Love it' }, {}] } }]);
  });
});

describe('a failure in a deferred part', () => {
  it('is told with the part, and leaves its null there', async () => {
    const pieces = await shop().runInParts('{ users { id ... @defer { email } } }');
    expect(pieces[0]).toEqual({ data: { users: [{ id: 'u1' }, { id: 'u2' }] }, hasNext: true });
    expect(entriesOf(pieces)).toMatchObject([
      { data: { email: 'ada@example.org' }, path: ['users', 0] },
      { data: null, path: ['users', 1], errors: [{ path: ['users', 1, 'email'] }] },
    ]);
  });

  it('of a whole subgraph is told once for each place', async () => {
    const federation = shop();
    federation.intercepts.set('reviews', () => Promise.reject(new Error('away')));
    const pieces = await federation.runInParts('{ users { id ... @defer { reviews { body } } } }');
    expect(pieces[0]).not.toHaveProperty('errors');
    expect(entriesOf(pieces)).toMatchObject(
      [0, 1].map((index) => ({
        data: { reviews: null },
        errors: [{ path: ['users', index, 'reviews'], extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }],
      })),
    );
  });

  it('within the time of its fetch, when the subgraph stalls', async () => {
    const federation = shop({ timeoutMs: () => 50 });
    federation.intercepts.set('reviews', () => new Promise(() => {}));
    const pieces = await federation.runInParts('{ me { id ... @defer { reviews { body } } } }');
    expect(entriesOf(pieces)).toMatchObject([{ errors: [{ extensions: { code: 'SUBGRAPH_TIMEOUT' } }] }]);
  });

  it('is not told when what it is part of has become null', async () => {
    const federation = new Federation([
      {
        name: 'one',
        typeDefs: 'type Query { box: Box other: Int } type Box { width: Int! height: Int! }',
        resolvers: { Query: { box: () => ({ width: null, height: 2 }), other: () => 1 } },
      },
    ]);
    const pieces = await federation.runInParts('{ box { width ... @defer { height } } ... @defer { other } }');
    expect(pieces[0]).toMatchObject({ data: { box: null }, errors: [{ path: ['box', 'width'] }], hasNext: true });
    expect(entriesOf(pieces)).toEqual([{ data: { other: 1 }, path: [] }]);
  });
});

describe('a client that leaves', () => {
  it('ends what is still fetched for it', async () => {
    const federation = shop();
    const ended = gate();
    federation.intercepts.set('reviews', (_, __, signal) => {
      signal?.addEventListener('abort', () => ended.resolve());
      return new Promise(() => {});
    });
    const parts = await federation.streamOf('{ me { id ... @defer { reviews { body } } } }');
    await parts.next();
    const pending = parts.next();
    await parts.return?.();
    await ended.promise;
    await expect(pending).rejects.toMatchObject({ extensions: { code: 'OPERATION_ABORTED' } });
  });

  it('by its signal ends the stream', async () => {
    const federation = shop();
    const client = new AbortController();
    const asked = gate();
    federation.intercepts.set('reviews', () => {
      asked.resolve();
      return new Promise(() => {});
    });
    const parts = await federation.streamOf('{ me { id ... @defer { reviews { body } } } }', { signal: client.signal });
    await parts.next();
    await asked.promise;
    client.abort();
    await expect(parts.next()).rejects.toMatchObject({ extensions: { code: 'OPERATION_ABORTED' } });
  });
});

const guarded: TestSubgraph[] = [
  {
    name: 'files',
    typeDefs: `
      extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@authenticated", "@policy"])
      type Query { files: [File!]! none: [File!]! }
      type File @key(fields: "id") { id: ID! name: String secret: String @policy(policies: [["read"]]) must: Int! @authenticated }`,
    resolvers: {
      Query: { files: () => [{ id: 'f1' }, { id: 'f2' }], none: () => [] },
      File: {
        __resolveReference: ({ id }: { id: string }) => ({ id }),
        name: ({ id }: { id: string }) => `File ${id}`,
        secret: () => 'hush',
        must: () => 1,
      },
    },
  },
];

describe('authorization of deferred selections', () => {
  const denied = { code: 'UNAUTHORIZED_FIELD_OR_TYPE' };

  it('tells of what is refused in the part that it belongs to, and never asks for it', async () => {
    const federation = new Federation(guarded);
    const pieces = await federation.runInParts('{ files { id ... @defer { name hidden: secret } } }');
    expect(pieces[0]).toEqual({ data: { files: [{ id: 'f1' }, { id: 'f2' }] }, hasNext: true });
    expect(entriesOf(pieces)).toMatchObject(
      [0, 1].map((index) => ({
        data: { name: `File f${index + 1}`, hidden: null },
        errors: [{ path: ['files', index, 'hidden'], extensions: denied }],
      })),
    );
    expect(federation.requests.map(({ query }) => query).join()).not.toContain('secret');
  });

  it('keeps the null of a refused field within its part', async () => {
    const pieces = await new Federation(guarded).runInParts('{ files { id ... @defer { must } } }');
    expect(pieces[0]).toEqual({ data: { files: [{ id: 'f1' }, { id: 'f2' }] }, hasNext: true });
    expect(entriesOf(pieces)).toMatchObject([
      { data: null, path: ['files', 0], errors: [{ path: ['files', 0, 'must'], extensions: denied }] },
      { data: null, path: ['files', 1], errors: [{ path: ['files', 1, 'must'], extensions: denied }] },
    ]);
  });

  it('tells at once of what is refused where nothing is to follow', async () => {
    const pieces = await new Federation(guarded).runInParts('{ none { id ... @defer { secret } } }');
    expect(pieces).toMatchObject([{ data: { none: [] }, errors: [{ path: ['none', 'secret'], extensions: denied }] }]);
  });

  it('delivers to whoever may have it', async () => {
    const pieces = await new Federation(guarded).runInParts('{ files { id ... @defer { secret must } } }', {
      rights: rights({ policies: ['read'] }),
    });
    expect(entriesOf(pieces)).toMatchObject([
      { data: { secret: 'hush', must: 1 } },
      { data: { secret: 'hush', must: 1 } },
    ]);
  });
});

describe('validation of @defer', () => {
  it.each([
    ['labels that are the same', '{ me { ... @defer(label: "a") { id } ... @defer(label: "a") { name } } }'],
    ['a label from a variable', 'query ($l: String) { me { ... @defer(label: $l) { id } } }'],
    ['the root of a mutation', 'mutation { ... @defer { flag } }'],
    ['a field', '{ me @defer { id } }'],
  ])('refuses %s', async (_, query) => {
    await expect(shop().runInParts(query)).rejects.toMatchObject({ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });
  });

  it('refuses it in subscriptions, unless it may be switched off', () => {
    const { engine } = new Federation([
      { name: 'one', typeDefs: 'type Query { a: Int } type Subscription { ticked: Tick } type Tick { at: Int }' },
    ]);
    const refused = () => engine.operation('subscription { ticked { ...T } } fragment T on Tick { ... @defer { at } }');
    expect(refused).toThrow(expect.objectContaining({ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }));
    for (const condition of ['false', '$later']) {
      const variables = condition.startsWith('$') ? '($later: Boolean!)' : '';
      engine.operation(`subscription ${variables} { ticked { ... @defer(if: ${condition}) { at } } }`);
    }
  });
});
