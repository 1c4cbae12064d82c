import { describe, expect, it } from '@jest/globals';
import { Federation, type TestSubgraph } from '../federation.js';
import { merged } from '../merged-parts.js';
import { answers, by } from './answers.js';

const items = [
  { __typename: 'Book', id: '1', name: 'B', pages: 10 },
  { __typename: 'Disc', id: '2', name: 'D', length: 20 },
];
const item = (id: string) => ({ __typename: 'Item', id });
const note = { __typename: 'Note', id: 'n', text: 'T' };

/** To `ratings`, books and discs are items, and it answers them where a wider interface is asked for. */
const subgraphs: readonly TestSubgraph[] = [
  {
    name: 'pages',
    typeDefs: `
      type Query { users: [User!] node: Node }
      interface Node { id: ID! }
      type Page implements Node { id: ID! }
      interface Item implements Node @key(fields: "id") { id: ID! name: String }
      type Book implements Item & Node @key(fields: "id") { id: ID! name: String pages: Int }
      type Disc implements Item & Node @key(fields: "id") { id: ID! name: String length: Int }
      type User @key(fields: "id") { id: ID! }`,
    resolvers: {
      Query: { users: () => [{ id: '1' }, { id: '2' }], node: () => items[0] },
      Item: { __resolveReference: by(items, 'id') },
      Book: { __resolveReference: by(items, 'id') },
      Disc: { __resolveReference: by(items, 'id') },
    },
  },
  {
    name: 'ratings',
    typeDefs: `
      type Query { found(id: ID!): Node all: [Node] lists: [[Node!]] either: [Either] }
      type Mutation { rate(id: ID!): Node }
      type Subscription { rated: Node }
      interface Node { id: ID! }
      type Item implements Node @key(fields: "id") @interfaceObject { id: ID! stars(from: Int = 0): Int other: Node }
      type Note implements Node { id: ID! text: String }
      type Bag { inside: Node }
      union Either = Note | Bag
      type User @key(fields: "id") { id: ID! favourite: Node }`,
    resolvers: {
      Query: {
        found: (_, { id }) => item(id),
        all: () => [item('1'), note, null, item('2')],
        lists: () => [[item('2')], null, [note, item('1')]],
        either: () => [
          { ...note, __typename: 'Note' },
          { __typename: 'Bag', inside: item('2') },
        ],
      },
      Mutation: { rate: (_, { id }) => item(id) },
      Item: {
        stars: ({ id }: { id: string }, { from }: { from: number }) => from + Number(id),
        other: ({ id }: { id: string }) => (id === '1' ? item('2') : note),
      },
      User: { favourite: ({ id }: { id: string }) => item(id) },
    },
  },
];

const conditions = Array.from({ length: 7 }, (_, index) => `c${index}`);

describe('fragments on the types of an interface object, where its subgraph answers a wider interface', () => {
  answers(subgraphs, [
    ['{ found(id: "1") { __typename ... on Book { name } } }', { found: { __typename: 'Book', name: 'B' } }],
    ['{ found(id: "2") { ... on Book { name pages } } }', { found: {} }],
    ['{ all { ... on Book { stars } } }', { all: [{ stars: 1 }, {}, null, {}] }],
    [
      '{ all { id ... on Node { ... on Item { ... on Book { name pages stars } ... on Disc { length } } ... on Note { text } ... on Page { id } } __typename } }',
      {
        all: [
          { id: '1', name: 'B', pages: 10, stars: 1, __typename: 'Book' },
          { id: 'n', text: 'T', __typename: 'Note' },
          null,
          { id: '2', length: 20, __typename: 'Disc' },
        ],
      },
    ],
    [
      '{ all { ... on Book { x: name s: stars } ... on Disc { x: name s: stars(from: 5) } ... on Note { x: text } } }',
      { all: [{ x: 'B', s: 1 }, { x: 'T' }, null, { x: 'D', s: 7 }] },
    ],
    [
      '{ lists { ...N } } fragment N on Node { ...D ... on Note { __typename } } fragment D on Disc { length stars }',
      { lists: [[{ length: 20, stars: 2 }], null, [{ __typename: 'Note' }, {}]] },
    ],
    [
      '{ either { ... on Node { id ... on Note { text } ... on Item { name } } ... on Bag { inside { ... on Disc { name __typename } } } } }',
      { either: [{ id: 'n', text: 'T' }, { inside: { name: 'D', __typename: 'Disc' } }] },
    ],
    [
      '{ users { favourite { ... on Disc { length } ... on Item { ... on Book { pages other { __typename ... on Disc { name other { ... on Note { text } } } } } } } } }',
      {
        users: [
          { favourite: { pages: 10, other: { __typename: 'Disc', name: 'D', other: { text: 'T' } } } },
          { favourite: { length: 20 } },
        ],
      },
    ],
    [
      '{ node { ... on Book { pages stars } } users { id } }',
      { node: { pages: 10, stars: 1 }, users: [{ id: '1' }, { id: '2' }] },
    ],
    [
      'query($a: Boolean!, $b: Boolean!) { all { ... on Book @include(if: $a) { name stars @skip(if: $b) } ... on Disc @include(if: $b) { length } } }',
      { all: [{ name: 'B' }, {}, null, { length: 20 }] },
      { variables: { a: true, b: true } },
    ],
    [
      `query(${conditions.map((name) => `$${name}: Boolean!`)}) { all { ${conditions
        .map((name, index) => `... on ${index % 2 ? 'Disc' : 'Book'} @include(if: $${name}) { ${name}: name }`)
        .join(' ')} } }`,
      { all: [{ c0: 'B', c4: 'B' }, {}, null, { c3: 'D' }] },
      { variables: { c0: true, c1: false, c2: false, c3: true, c4: true, c5: false, c6: false } },
    ],
    [
      'mutation { rate(id: "2") { ... on Disc { length stars } ... on Book { name } } }',
      { rate: { length: 20, stars: 2 } },
    ],
  ]);

  it('in the events of a subscription', async () => {
    const federation = new Federation(subgraphs);
    federation.events.set('ratings', [{ data: { rated: item('1') } }, { data: { rated: item('2') } }]);
    expect(await federation.subscribe('subscription { rated { __typename ... on Book { name pages } } }')).toEqual([
      { data: { rated: { __typename: 'Book', name: 'B', pages: 10 } } },
      { data: { rated: { __typename: 'Disc' } } },
    ]);
  });

  it('in deferred parts', async () => {
    const federation = new Federation(subgraphs);
    const query =
      '{ all { id ... on Book @defer { name stars } ... on Node @defer { ... on Disc { length other { id } } } } }';
    expect(merged(await federation.runInParts(query))).toEqual({
      data: {
        all: [{ id: '1', name: 'B', stars: 1 }, { id: 'n' }, null, { id: '2', length: 20, other: { id: 'n' } }],
      },
      errors: [],
    });
  });
});
