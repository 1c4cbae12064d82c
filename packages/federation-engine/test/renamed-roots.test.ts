import { describe, expect, it } from '@jest/globals';
import { Federation, type TestSubgraph } from './federation.js';

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
