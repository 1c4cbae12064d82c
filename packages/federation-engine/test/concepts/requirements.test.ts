import { describe } from '@jest/globals';
import type { TestSubgraph } from '../federation.js';
import { answers, by } from './answers.js';

const given = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('A requirement did not arrive');
  return value;
};

describe('@requires of fields that require others', () => {
  const products = [
    { id: 'p1', name: 'Lamp', price: 12 },
    { id: 'p2', name: 'Sofa', price: 900 },
  ];
  const chain: TestSubgraph[] = [
    {
      name: 'prices',
      typeDefs:
        'type Query { products: [Product] } type Product @key(fields: "id") { id: ID! name: String! price: Int! }',
      resolvers: { Query: { products: () => products }, Product: { __resolveReference: by(products, 'id') } },
    },
    {
      name: 'discounts',
      typeDefs: `type Product @key(fields: "id") {
        id: ID! price: Int! @external
        discounted: Int! @requires(fields: "price")
        isExpensive: Boolean! @requires(fields: "price")
      }`,
      resolvers: {
        Product: {
          discounted: ({ price }: { price: number }) => given(price) / 2,
          isExpensive: ({ price }: { price: number }) => given(price) > 500,
        },
      },
    },
    {
      name: 'wallets',
      typeDefs: `type Product @key(fields: "id") {
        id: ID! discounted: Int! @external isExpensive: Boolean! @external name: String! @external
        affordable(cash: Int = 100): Boolean! @requires(fields: "discounted isExpensive")
        advice: String! @requires(fields: "name verdict")
        verdict: String! @external
      }`,
      resolvers: {
        Product: {
          affordable: (
            { discounted, isExpensive }: { discounted: number; isExpensive: boolean },
            { cash }: { cash: number },
          ) => {
            given(isExpensive);
            return discounted <= cash;
          },
          advice: ({ name, verdict }: { name: string; verdict: string }) => `${name}: ${verdict}`,
        },
      },
    },
    {
      name: 'verdicts',
      typeDefs: `type Product @key(fields: "id") {
        id: ID! affordable(cash: Int = 100): Boolean! @external
        verdict: String! @requires(fields: "affordable(cash: 500)")
      }`,
      resolvers: {
        Product: {
          verdict: ({ affordable }: { affordable: boolean }) => (given(affordable) ? 'buy' : 'wait'),
        },
      },
    },
  ];

  answers(chain, [
    ['{ products { affordable } }', { products: [{ affordable: true }, { affordable: false }] }],
    [
      '{ products { affordable(cash: 450) isExpensive } }',
      {
        products: [
          { affordable: true, isExpensive: false },
          { affordable: true, isExpensive: true },
        ],
      },
    ],
    ['{ products { verdict } }', { products: [{ verdict: 'buy' }, { verdict: 'buy' }] }],
    [
      '{ products { advice affordable discounted verdict price } }',
      {
        products: [
          { advice: 'Lamp: buy', affordable: true, discounted: 6, verdict: 'buy', price: 12 },
          { advice: 'Sofa: buy', affordable: false, discounted: 450, verdict: 'buy', price: 900 },
        ],
      },
    ],
    [
      'query($no: Boolean!) { products { advice @include(if: $no) discounted @skip(if: $no) } }',
      { products: [{ discounted: 6 }, { discounted: 450 }] },
      { variables: { no: false }, requests: { prices: 1, discounts: 1, wallets: 0, verdicts: 0 } },
    ],
  ]);
});

describe('@requires through a circle of subgraphs', () => {
  const authors = [
    { id: 'a1', name: 'Ada', years: 5 },
    { id: 'a2', name: 'Bob', years: 20 },
  ];
  const authorOf: Record<string, string> = { p1: 'a1', p2: 'a2' };
  const subgraphs: TestSubgraph[] = [
    {
      name: 'feed',
      typeDefs: `
        type Query { feed: [Post] }
        type Post @key(fields: "id") { id: ID! byNovice: Boolean! @external byExpert: Boolean! @requires(fields: "byNovice") }
        type Author @key(fields: "id") { id: ID! name: String! years: Int! }`,
      resolvers: {
        Query: { feed: () => [{ id: 'p1' }, { id: 'p2' }] },
        Post: { byExpert: ({ byNovice }: { byNovice: boolean }) => !given(byNovice) },
        Author: { __resolveReference: by(authors, 'id') },
      },
    },
    {
      name: 'posts',
      typeDefs: `
        type Post @key(fields: "id") { id: ID! author: Author! byNovice: Boolean! @requires(fields: "author { years }") }
        type Author @key(fields: "id") { id: ID! years: Int! @external }`,
      resolvers: {
        Post: {
          author: ({ id }: { id: string }) => ({ id: authorOf[id] }),
          byNovice: ({ author }: { author: { years: number } }) => author.years < 10,
        },
      },
    },
  ];

  answers(subgraphs, [
    ['{ feed { byNovice } }', { feed: [{ byNovice: true }, { byNovice: false }] }],
    ['{ feed { byExpert } }', { feed: [{ byExpert: false }, { byExpert: true }] }],
    [
      '{ feed { byExpert byNovice author { name } } }',
      {
        feed: [
          { byExpert: false, byNovice: true, author: { name: 'Ada' } },
          { byExpert: true, byNovice: false, author: { name: 'Bob' } },
        ],
      },
    ],
  ]);
});

describe('@requires that comes back to the subgraph of the query', () => {
  const rank = (id: string) => Number(id.slice(1)) * 7;
  answers(
    [
      {
        name: 'labels',
        typeDefs: `
          type User @key(fields: "id") { id: ID! label: String! @requires(fields: "title") title: String! @external }
          type Team @key(fields: "id") { id: ID! lead: User @external banner: String! @requires(fields: "lead { title }") }`,
        resolvers: {
          User: { label: ({ title }: { title: string }) => `<${title}>` },
          Team: { banner: ({ lead }: { lead: { title: string } }) => `Led by ${lead.title}` },
        },
      },
      {
        name: 'users',
        typeDefs: `
          type Query { users: [User] teams: [[Team]] }
          type Team @key(fields: "id") { id: ID! lead: User }
          type User @key(fields: "id") { id: ID! title: String! @requires(fields: "rank(of: 2)") rank(of: Int): Int! @external }`,
        resolvers: {
          Query: { users: () => [{ id: 'u1' }, { id: 'u2' }], teams: () => [[{ id: 't1', lead: { id: 'u1' } }, null]] },
          User: {
            title: ({ id, rank: given }: { id: string; rank?: number }) =>
              given === undefined ? null : `${given}. ${id}`,
          },
          Team: { __resolveReference: ({ id }: { id: string }) => ({ id, lead: { id: 'u1' } }) },
        },
      },
      {
        name: 'ranks',
        typeDefs: 'type User @key(fields: "id") { id: ID! rank(of: Int): Int! }',
        resolvers: { User: { rank: ({ id }: { id: string }, { of = 1 }: { of?: number }) => rank(id) * of } },
      },
    ],
    [
      ['{ users { label } }', { users: [{ label: '<14. u1>' }, { label: '<28. u2>' }] }],
      [
        '{ users { title label } }',
        {
          users: [
            { title: '14. u1', label: '<14. u1>' },
            { title: '28. u2', label: '<28. u2>' },
          ],
        },
        { requests: { labels: 1, users: 2, ranks: 1 } },
      ],
      [
        '{ users { id rank label } }',
        {
          users: [
            { id: 'u1', rank: 7, label: '<14. u1>' },
            { id: 'u2', rank: 14, label: '<28. u2>' },
          ],
        },
      ],
      ['{ teams { banner } }', { teams: [[{ banner: 'Led by 14. u1' }, null]] }],
      [
        '{ teams { banner lead { label title: id } } }',
        { teams: [[{ banner: 'Led by 14. u1', lead: { label: '<14. u1>', title: 'u1' } }, null]] },
      ],
    ],
  );
});

describe('@requires of abstract types', () => {
  const entities = [
    { id: 'e1', data: { __typename: 'Baz', foo: 'foo 1', bar: 'bar 1', baz: 'baz 1' } },
    { id: 'e2', data: { __typename: 'Qux', foo: 'foo 2', bar: 'bar 2', qux: 'qux 2' } },
    { id: 'e3', data: null },
  ];
  const types = `
    interface Foo { foo: String! }
    interface Bar { bar: String! }
    type Baz implements Foo & Bar @shareable { foo: String! bar: String! baz: String! }
    type Qux implements Foo & Bar @shareable { foo: String! bar: String! qux: String! }`;
  const text = ({ data }: { data: Record<string, unknown> | null }) =>
    data &&
    Object.entries(data)
      .filter(([name]) => name !== '__typename')
      .map(([, value]) => value)
      .sort()
      .join(', ');

  answers(
    [
      {
        name: 'data',
        typeDefs: `type Query { entities: [Entity!]! } type Entity @key(fields: "id") { id: ID! data: Foo } ${types}`,
        resolvers: { Query: { entities: () => entities }, Entity: { __resolveReference: by(entities, 'id') } },
      },
      {
        name: 'users',
        typeDefs: `
          type Entity @key(fields: "id") {
            id: ID! data: Foo @external
            all: String @requires(fields: "data { foo ... on Bar { bar ... on Baz { baz } ... on Qux { qux } } }")
            foo: String @requires(fields: "data { ... on Foo { foo } }")
            typed: String @requires(fields: "data { __typename ... on Qux { qux } }")
          }
          ${types}`,
        resolvers: {
          Entity: {
            all: text,
            foo: text,
            typed: ({ data }: { data: { __typename: string } | null }) => data?.__typename ?? null,
          },
        },
      },
    ],
    [
      [
        '{ entities { all } }',
        { entities: [{ all: 'bar 1, baz 1, foo 1' }, { all: 'bar 2, foo 2, qux 2' }, { all: null }] },
      ],
      ['{ entities { foo } }', { entities: [{ foo: 'foo 1' }, { foo: 'foo 2' }, { foo: null }] }],
      [
        '{ entities { typed id } }',
        {
          entities: [
            { typed: 'Baz', id: 'e1' },
            { typed: 'Qux', id: 'e2' },
            { typed: null, id: 'e3' },
          ],
        },
      ],
      [
        '{ entities { data { ... on Bar { bar } ... on Baz { foo: baz } } all } }',
        {
          entities: [
            { data: { bar: 'bar 1', foo: 'baz 1' }, all: 'bar 1, baz 1, foo 1' },
            { data: { bar: 'bar 2' }, all: 'bar 2, foo 2, qux 2' },
            { data: null, all: null },
          ],
        },
      ],
    ],
  );
});

describe('@requires of entities behind an interface', () => {
  const addresses = [
    { __typename: 'Home', id: 'h1', city: 'Rome' },
    { __typename: 'Work', id: 'w1', city: 'Oslo' },
    { __typename: 'Tent', id: 't1' },
  ];
  const users = addresses.map((address, index) => ({ id: `u${index + 1}`, address }));
  answers(
    [
      {
        name: 'users',
        typeDefs: `
          type Query { users: [User!]! }
          type User @key(fields: "id") { id: ID! address: Address }
          interface Address { id: ID! }
          type Home implements Address @key(fields: "id") { id: ID! }
          type Work implements Address @key(fields: "id") { id: ID! }
          type Tent implements Address { id: ID! }`,
        resolvers: { Query: { users: () => users }, User: { __resolveReference: by(users, 'id') } },
      },
      {
        name: 'cities',
        typeDefs:
          'type Home @key(fields: "id") { id: ID! city: String } type Work @key(fields: "id") { id: ID! city: String }',
        resolvers: {
          Home: { __resolveReference: by(addresses, 'id') },
          Work: { __resolveReference: by(addresses, 'id') },
        },
      },
      {
        name: 'labels',
        typeDefs: `
          type User @key(fields: "id") { id: ID! address: Address @external label: String @requires(fields: "address { id ... on Home { city } ... on Work { city } }") }
          interface Address { id: ID! }
          type Home implements Address @key(fields: "id") { id: ID! city: String @external }
          type Work implements Address @key(fields: "id") { id: ID! city: String @external }
          type Tent implements Address { id: ID! @external }`,
        resolvers: {
          User: {
            label: ({ address }: { address: { id: string; city?: string } }) =>
              `${address.id} ${address.city ?? 'nowhere'}`,
          },
        },
      },
    ],
    [
      ['{ users { label } }', { users: [{ label: 'h1 Rome' }, { label: 'w1 Oslo' }, { label: 't1 nowhere' }] }],
      [
        '{ users { label address { __typename ... on Work { city } } } }',
        {
          users: [
            { label: 'h1 Rome', address: { __typename: 'Home' } },
            { label: 'w1 Oslo', address: { __typename: 'Work', city: 'Oslo' } },
            { label: 't1 nowhere', address: { __typename: 'Tent' } },
          ],
        },
      ],
    ],
  );
});
