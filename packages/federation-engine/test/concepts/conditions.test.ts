import { describe } from '@jest/globals';
import type { TestSubgraph } from '../federation.js';
import { answers, by } from './answers.js';

const products = [{ id: 'p1', price: 699, neverCalled: true }];

describe('@skip and @include', () => {
  const subgraphs: TestSubgraph[] = [
    {
      name: 'a',
      typeDefs: `
        type Query { product: Product being: Being }
        interface Being { id: ID! }
        type Product implements Being @key(fields: "id") { id: ID! price: Float! @shareable }
        type User implements Being @key(fields: "id") { id: ID! }`,
      resolvers: {
        Query: { product: () => products[0], being: () => ({ __typename: 'User', id: 'u1' }) },
        Product: { __resolveReference: by(products, 'id') },
      },
    },
    {
      name: 'b',
      typeDefs: `
        type Product @key(fields: "id") { id: ID! price: Float! @external expensive: Boolean! @requires(fields: "price") stock: Int }
        type User @key(fields: "id") { id: ID! name: String friend: User }`,
      resolvers: {
        Product: { expensive: ({ price }: { price: number }) => price > 500, stock: () => 3 },
        User: { name: () => 'Ada', friend: () => ({ id: 'u2' }) },
      },
    },
    {
      name: 'c',
      typeDefs: `
        type Product @key(fields: "id") { id: ID! expensive: Boolean! @external include: Boolean! @requires(fields: "expensive") skip: Boolean! @requires(fields: "expensive") }
        type User @key(fields: "id") { id: ID! email: String }`,
      resolvers: {
        Product: {
          include: ({ expensive }: { expensive: boolean }) => expensive,
          skip: ({ expensive }: { expensive: boolean }) => !expensive,
        },
        User: { email: ({ id }: { id: string }) => `${id}@example.org` },
      },
    },
  ];
  const yes = { variables: { yes: true, no: false } };
  /** Declares the variables that the text uses. */
  const asked = (text: string) => {
    const declared = { $yes: 'Boolean! = true', $no: 'Boolean! = false' };
    const used = Object.entries(declared).filter(([name]) => text.includes(name));
    return used.length === 0 ? text : `query(${used.map((one) => one.join(': ')).join(' ')}) ${text}`;
  };
  answers(subgraphs, [
    [
      asked('{ product { id price @skip(if: $yes) include @include(if: $yes) } }'),
      { product: { id: 'p1', include: true } },
      { requests: { a: 1, b: 1, c: 1 } },
    ],
    [
      asked('{ product { id include @include(if: $no) skip @skip(if: $yes) } }'),
      { product: { id: 'p1' } },
      { requests: { a: 1, b: 0, c: 0 } },
    ],
    [
      asked(
        '{ product @skip(if: $no) { skip @skip(if: $no) @include(if: $yes) stock @include(if: $yes) @skip(if: $yes) } }',
      ),
      { product: { skip: false } },
      yes,
    ],
    [
      asked(
        '{ product { ... @include(if: $no) { include } ... on Product @skip(if: $no) { stock } ...F @include(if: $yes) } } fragment F on Product { expensive @skip(if: $no) skip @include(if: $no) }',
      ),
      { product: { stock: 3, expensive: true } },
      yes,
    ],
    [
      asked(
        '{ being { ... on User @include(if: $yes) { name friend @skip(if: $no) { email name @skip(if: $yes) } } ... on Product @skip(if: $no) { stock } } }',
      ),
      { being: { name: 'Ada', friend: { email: 'u2@example.org' } } },
      yes,
    ],
    [
      asked(
        '{ being { __typename @include(if: $yes) id @skip(if: $yes) ... @skip(if: $no) { ... on User { friend { id @include(if: $no) __typename @skip(if: $no) } } } } }',
      ),
      { being: { __typename: 'User', friend: { __typename: 'User' } } },
      yes,
    ],
    [asked('{ product { include include @include(if: $no) } }'), { product: { include: true } }, yes],
    [
      asked('{ product @include(if: $no) { include } being @skip(if: $yes) { id } }'),
      {},
      { ...yes, requests: { a: 0, b: 0, c: 0 } },
    ],
    [
      asked('{ product @include(if: $no) { include } product { stock } }'),
      { product: { stock: 3 } },
      { ...yes, requests: { a: 1, b: 1, c: 0 } },
    ],
    [
      asked('{ a: product { price @include(if: false) stock @skip(if: true) id @skip(if: false) } }'),
      { a: { id: 'p1' } },
      { requests: { a: 1, b: 0, c: 0 } },
    ],
    [
      'query($a: Boolean! = false, $b: Boolean! = true, $c: Boolean! = false, $d: Boolean! = true, $e: Boolean! = false, $f: Boolean! = true) { product { stock @include(if: $a) expensive @include(if: $b) skip @include(if: $c) include @include(if: $d) price @include(if: $e) id @include(if: $f) } }',
      { product: { expensive: true, include: true, id: 'p1' } },
    ],
    [
      'query($a: Boolean! = false, $b: Boolean! = true, $c: Boolean! = false, $d: Boolean! = false, $e: Boolean! = false, $f: Boolean! = false) { product { stock @include(if: $b) expensive @include(if: $a) skip @include(if: $c) include @include(if: $d) price @include(if: $e) id @include(if: $f) } }',
      { product: { stock: 3 } },
    ],
  ]);
});
