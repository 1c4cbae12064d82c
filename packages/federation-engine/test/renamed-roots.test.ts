import { describe, expect, it } from '@jest/globals';
import { Federation, type TestSubgraph } from './federation.js';
import { merged } from './merged-parts.js';

/** Subgraphs whose root types are called as they like; buildSubgraphSchema refuses fragments on types that they do not know. */
const one: TestSubgraph = {
  name: 'one',
  typeDefs: `
    schema { query: RootQuery mutation: RootMutation subscription: RootSubscription }
    type RootQuery { fromOne: Int user: User again: RootQuery }
    type RootMutation { change: Changed }
    type RootSubscription { changed: Changed }
    type Changed { query: RootQuery! more: RootMutation }
    type User @key(fields: "id") { id: ID! query: RootQuery }`,
  resolvers: {
    RootQuery: { fromOne: () => 1, user: () => ({ id: 'ada' }), again: () => ({}) },
    RootMutation: { change: () => ({ query: {}, more: {} }) },
    User: { query: () => ({}), __resolveReference: ({ id }) => ({ id }) },
  },
};
const two: TestSubgraph = {
  name: 'two',
  typeDefs: `
    schema { query: query_root mutation: mutation_root }
    type query_root { fromTwo(by: Int): Int users: [User] items: [Item] }
    type mutation_root { alter: query_root alsoChange: Int }
    type User @key(fields: "id") { id: ID! home: query_root }
    interface Item @key(fields: "id") { id: ID! }
    type Book implements Item @key(fields: "id") { id: ID! }`,
  resolvers: {
    query_root: {
      fromTwo: (_, { by = 2 }) => by,
      users: () => [{ id: 'bob' }],
      items: () => [{ __typename: 'Book', id: 'b' }],
    },
    mutation_root: { alter: () => ({}), alsoChange: () => 7 },
    User: { home: () => ({}) },
  },
};
const three: TestSubgraph = {
  name: 'three',
  typeDefs: `
    schema { query: Q }
    type Q { fromThree: Int }
    type Item @key(fields: "id") @interfaceObject { id: ID! root: Q }`,
  resolvers: { Q: { fromThree: () => 3 }, Item: { root: () => ({}) } },
};

const cases: readonly (readonly [query: string, data: unknown])[] = [
  ['{ fromOne fromTwo fromThree __typename }', { fromOne: 1, fromTwo: 2, fromThree: 3, __typename: 'Query' }],
  ['{ ... on Query { fromOne ... on Query @include(if: true) { fromTwo } } }', { fromOne: 1, fromTwo: 2 }],
  [
    '{ again { __typename fromOne fromTwo again { fromThree fromTwo(by: 5) } } }',
    { again: { __typename: 'Query', fromOne: 1, fromTwo: 2, again: { fromThree: 3, fromTwo: 5 } } },
  ],
  [
    'mutation { change { query { fromOne fromTwo } } ... on Mutation { alsoChange } }',
    { change: { query: { fromOne: 1, fromTwo: 2 } }, alsoChange: 7 },
  ],
  [
    'mutation { alter { ... on Query { fromOne fromTwo __typename } } }',
    { alter: { fromOne: 1, fromTwo: 2, __typename: 'Query' } },
  ],
  [
    '{ users { query { fromTwo fromOne } home { ... on Query { fromOne user { home { fromTwo } } } } } }',
    { users: [{ query: { fromTwo: 2, fromOne: 1 }, home: { fromOne: 1, user: { home: { fromTwo: 2 } } } }] },
  ],
  [
    '{ items { root { fromTwo fromThree ... on Query { items { id } } } } }',
    { items: [{ root: { fromTwo: 2, fromThree: 3, items: [{ id: 'b' }] } }] },
  ],
];

describe('subgraphs whose root types have names of their own', () => {
  it.each(cases)('%s', async (query, data) => {
    const federation = new Federation([one, two, three]);
    expect(await federation.run(query)).toEqual({ data });
  });

  it('with conditions that are left to the plan', async () => {
    const federation = new Federation([one, two, three]);
    const names = Array.from({ length: 7 }, (_, index) => `c${index}`);
    const query = `query (${names.map((name) => `$${name}: Boolean!`).join()}) {
      ${names.map((name) => `... on Query @include(if: $${name}) { ${name}: fromOne again { ${name}: fromTwo } }`).join(' ')} }`;
    const variables = Object.fromEntries(names.map((name, index) => [name, index % 2 === 0]));
    expect(await federation.run(query, { variables })).toEqual({
      data: { c0: 1, again: { c0: 2, c2: 2, c4: 2, c6: 2 }, c2: 1, c4: 1, c6: 1 },
    });
  });

  it('in the events of a subscription', async () => {
    const federation = new Federation([one, two, three]);
    federation.events.set('one', [{ data: { changed: { query: { fromOne: 1, __typename: 'RootQuery' } } } }]);
    const query = 'subscription { ... on Subscription { changed { query { ... on Query { fromOne fromTwo } } } } }';
    expect(await federation.subscribe(query)).toEqual([{ data: { changed: { query: { fromOne: 1, fromTwo: 2 } } } }]);
    for (const request of federation.requests) expect(request.query).not.toMatch(/on (Query|Subscription)\b/);
  });

  it('in deferred parts', async () => {
    const federation = new Federation([one, two, three]);
    const pieces = await federation.runInParts(
      '{ again { fromOne ... on Query @defer { fromTwo } } ... on Query @defer { fromThree } }',
    );
    expect(
      pieces
        .flatMap(({ errors, incremental }) => [errors, ...(incremental ?? []).map((part) => part.errors)])
        .filter(Boolean),
    ).toEqual([]);
    for (const request of federation.requests) expect(request.query).not.toContain('on Query');
  });
});

/** Root types among an interface's and a union's, under names of their own. */
const beside: readonly TestSubgraph[] = [
  {
    name: 'one',
    typeDefs: `
      schema { query: RootQuery mutation: RootMutation subscription: RootSubscription }
      interface Root { label: String }
      union Any = RootQuery | RootMutation | RootSubscription | Book
      type RootQuery implements Root { label: String name: String fromOne(text: String): Int root: Root roots: [Root] any: [[Any!]] user: User json: JSON }
      type RootMutation implements Root { label: String change: Root changeAny: [Any] }
      type RootSubscription implements Root { label: String changed: Root }
      type Book implements Root { label: String id: ID! }
      type User @key(fields: "id") { id: ID! root: Root roots: [Root] }
      scalar JSON`,
    resolvers: {
      RootQuery: {
        label: () => 'query',
        name: () => 'one',
        fromOne: () => 1,
        root: () => ({ __typename: 'RootQuery' }),
        roots: () => [{ __typename: 'RootQuery' }, book, null, { __typename: 'RootMutation', label: 'mutation' }],
        any: () => [[{ __typename: 'RootQuery' }, book], null, [{ __typename: 'RootSubscription', label: 's' }]],
        user: () => ({ id: 'ada' }),
        json: () => ({ __typename: 'RootQuery' }),
      },
      RootMutation: {
        change: () => ({ __typename: 'RootQuery' }),
        changeAny: () => [{ __typename: 'RootMutation', label: 'mutation' }, { __typename: 'RootQuery' }, book],
      },
      User: {
        root: () => ({ __typename: 'RootQuery' }),
        roots: () => [book, { __typename: 'RootQuery' }],
        __resolveReference: ({ id }) => ({ id }),
      },
    },
  },
  {
    name: 'two',
    typeDefs: `
      schema { query: query_root mutation: mutation_root }
      interface Other { fromTwo: Int }
      type query_root implements Other { fromTwo: Int fails: Int users: [User] others: [Other] }
      type mutation_root { alter: Other }
      type Box implements Other { fromTwo: Int size: Int }
      type User @key(fields: "id") { id: ID! }`,
    resolvers: {
      query_root: {
        fromTwo: () => 2,
        fails: () => Promise.reject(new Error('It fails.')),
        users: () => [{ id: 'ada' }, { id: 'bob' }],
        others: () => [{ __typename: 'Box', fromTwo: 3, size: 4 }, { __typename: 'query_root' }],
      },
      mutation_root: { alter: () => ({ __typename: 'query_root' }) },
    },
  },
];
const book = { __typename: 'Book', label: 'book', id: 'b' };

const casesBeside: readonly (readonly [query: string, data: unknown])[] = [
  ['{ root { __typename label } }', { root: { __typename: 'Query', label: 'query' } }],
  [
    '{ root { ... on Query { fromOne fromTwo again: root { ... on Query { fromTwo kind: __typename } } } ... on Book { id } } }',
    { root: { fromOne: 1, fromTwo: 2, again: { fromTwo: 2, kind: 'Query' } } },
  ],
  [
    '{ roots { label ... on Root { ... on Query { __typename fromOne fromTwo } ... on Mutation { it: __typename } ... on Book { id } } } }',
    {
      roots: [
        { label: 'query', __typename: 'Query', fromOne: 1, fromTwo: 2 },
        { label: 'book', id: 'b' },
        null,
        { label: 'mutation', it: 'Mutation' },
      ],
    },
  ],
  [
    '{ any { ...Q __typename ... on Root { label } } } fragment Q on Query { fromOne(text: "... on Query") json others { ... on Query { fromOne } ... on Box { size } } }',
    {
      any: [
        [
          {
            fromOne: 1,
            json: { __typename: 'RootQuery' },
            others: [{ size: 4 }, { fromOne: 1 }],
            __typename: 'Query',
            label: 'query',
          },
          { __typename: 'Book', label: 'book' },
        ],
        null,
        [{ __typename: 'Subscription', label: 's' }],
      ],
    },
  ],
  [
    '{ users { root { ... on Query { fromTwo fromOne } } mine: roots { ... on Query { fromOne } ... on Book { id } } } }',
    {
      users: ['ada', 'bob'].map(() => ({ root: { fromTwo: 2, fromOne: 1 }, mine: [{ id: 'b' }, { fromOne: 1 }] })),
    },
  ],
  [
    'mutation { change { ... on Query { fromOne fromTwo } __typename } changeAny { __typename ... on Mutation { label } ... on Query { fromOne fromTwo } } alter { fromTwo ... on Query { fromOne } } }',
    {
      change: { fromOne: 1, fromTwo: 2, __typename: 'Query' },
      changeAny: [
        { __typename: 'Mutation', label: 'mutation' },
        { __typename: 'Query', fromOne: 1, fromTwo: 2 },
        { __typename: 'Book' },
      ],
      alter: { fromTwo: 2, fromOne: 1 },
    },
  ],
  [
    '{ roots { ... on Query { same: name } ... on Book { same: label } ... on Mutation { same: label } } }',
    { roots: [{ same: 'one' }, { same: 'book' }, null, { same: 'mutation' }] },
  ],
  [
    '{ ... on Any { ... on Query { fromOne } ... on Book { id } } ... on Root { label } }',
    { fromOne: 1, label: 'query' },
  ],
  ['{ ... on Any { ... on Book { id } } }', {}],
];

describe('root types with names of their own among the types of an interface or a union', () => {
  it.each(casesBeside)('%s', async (query, data) => {
    const federation = new Federation(beside);
    expect(await federation.run(query)).toEqual({ data });
  });

  it('fail for themselves alone', async () => {
    const federation = new Federation(beside);
    const { data, errors = [] } = await federation.run('{ roots { ... on Query { fails } ... on Book { id } } }');
    expect({ data, paths: errors.map(({ path }) => path) }).toEqual({
      data: { roots: [{ fails: null }, { id: 'b' }, null, {}] },
      paths: [['roots', 0, 'fails']],
    });
  });

  it.each([true, false])('where a variable says %s', async (wanted) => {
    const federation = new Federation(beside);
    const query =
      'query ($wanted: Boolean!) { root { ... on Query @include(if: $wanted) { fromOne fromTwo } label @skip(if: $wanted) } }';
    expect(await federation.run(query, { variables: { wanted } })).toEqual({
      data: { root: wanted ? { fromOne: 1, fromTwo: 2 } : { label: 'query' } },
    });
  });

  it('in the events of a subscription', async () => {
    const federation = new Federation(beside);
    federation.events.set('one', [
      { data: { changed: { __typename: 'RootQuery', fromOne: 1 } } },
      { data: { changed: { __typename: 'Book' } } },
    ]);
    const query = 'subscription { changed { __typename ... on Query { fromOne fromTwo } } }';
    expect(await federation.subscribe(query)).toEqual([
      { data: { changed: { __typename: 'Query', fromOne: 1, fromTwo: 2 } } },
      { data: { changed: { __typename: 'Book' } } },
    ]);
    expect(federation.requestsTo('one')[0]?.query).toContain('...on RootQuery{');
  });

  it('with names that composition tells the router alone', async () => {
    const { engine } = new Federation(beside);
    expect(engine.supergraph.sdl).toContain('@roots__names(query: "query_root")');
    expect(Object.keys(engine.supergraph.apiSchema.getTypeMap())).not.toContain('RootQuery');
    expect(engine.supergraph.apiSchema.getDirectives().map(({ name }) => name)).not.toContain('roots__names');
    expect(new Federation([one, two, three]).engine.supergraph.sdl).not.toContain('roots');
  });

  it('in deferred parts', async () => {
    const federation = new Federation(beside);
    const pieces = await federation.runInParts(
      '{ roots { label ... on Query @defer { fromOne fromTwo __typename } } }',
    );
    expect(merged(pieces)).toEqual({
      data: {
        roots: [
          { label: 'query', fromOne: 1, fromTwo: 2, __typename: 'Query' },
          { label: 'book' },
          null,
          { label: 'mutation' },
        ],
      },
      errors: [],
    });
  });
});
