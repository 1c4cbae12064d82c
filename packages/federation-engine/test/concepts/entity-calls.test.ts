import { describe } from '@jest/globals';
import { answers, by, never } from './answers.js';

describe('an entity that two subgraphs know by different keys', () => {
  const people = [{ id: 'u1', email: 'ada@example.org' }];
  answers(
    [
      {
        name: 'emails',
        typeDefs: 'type Query { user: User } type User @key(fields: "id") { id: ID! email: String! }',
        resolvers: {
          Query: { user: () => ({ id: 'u1' }) },
          User: { __resolveReference: by(people, 'id'), email: () => people[0]?.email },
        },
      },
      {
        name: 'nicknames',
        typeDefs: 'type User @key(fields: "email") { email: String! @external nickname: String! }',
        resolvers: { User: { nickname: ({ email }: { email: string }) => email.split('@')[0] } },
      },
    ],
    [
      ['{ user { id nickname } }', { user: { id: 'u1', nickname: 'ada' } }],
      ['{ user { nickname } }', { user: { nickname: 'ada' } }, { requests: { emails: 1, nicknames: 1 } }],
    ],
  );
});

describe('keys over lists of objects, each subgraph with longer ones', () => {
  const products = [
    { id: 'p1', pid: 'x1', category: { id: 'c1', tag: 't1' }, price: 10 },
    { id: 'p2', pid: 'x2', category: { id: 'c2', tag: 't2' }, price: 20 },
  ];
  const find = by(products, 'id');
  const category = 'type Category @key(fields: "id") { id: ID! tag: String @shareable mainProduct: Product! }';
  answers(
    [
      {
        name: 'products',
        typeDefs: `
          type Query { top: ProductList! }
          type ProductList @key(fields: "products { id }") { products: [Product!]! @shareable }
          type Product @key(fields: "id") { id: ID! category: Category @shareable }
          ${category}`,
        resolvers: {
          Query: { top: () => ({ products }) },
          Product: { __resolveReference: find },
          Category: { mainProduct: ({ id }: { id: string }) => products.find((product) => product.category.id === id) },
        },
      },
      {
        name: 'links',
        typeDefs: 'type Product @key(fields: "id") @key(fields: "id pid") { id: ID! pid: ID! @shareable }',
        resolvers: { Product: { __resolveReference: find } },
      },
      {
        name: 'lists',
        typeDefs: `
          type ProductList @key(fields: "products { id pid }") { products: [Product!]! @shareable first: Product @shareable selected: Product @shareable }
          type Product @key(fields: "id pid") { id: ID! pid: ID! @shareable }`,
        resolvers: {
          ProductList: {
            first: ({ products: [first] }: { products: object[] }) => first,
            selected: ({ products: [, second] }: { products: object[] }) => second,
          },
        },
      },
      {
        name: 'prices',
        typeDefs: `
          type Product @key(fields: "id pid category { id tag }") { id: ID! pid: ID! @shareable category: Category @shareable price: Price }
          type Category @key(fields: "id tag") { id: ID! tag: String @shareable }
          type Price { amount: Int! }`,
        resolvers: {
          Product: {
            price: ({ pid, category }: { pid: string; category: { tag: string } }) => ({
              amount: products.find((product) => product.pid === pid && product.category.tag === category.tag)?.price,
            }),
          },
        },
      },
    ],
    [
      [
        '{ top { products { id pid price { amount } category { mainProduct { id } tag } } first { id } selected { pid price { amount } } } }',
        {
          top: {
            products: [
              { id: 'p1', pid: 'x1', price: { amount: 10 }, category: { mainProduct: { id: 'p1' }, tag: 't1' } },
              { id: 'p2', pid: 'x2', price: { amount: 20 }, category: { mainProduct: { id: 'p2' }, tag: 't2' } },
            ],
            first: { id: 'p1' },
            selected: { pid: 'x2', price: { amount: 20 } },
          },
        },
      ],
      [
        '{ top { first { __typename price { amount } } } }',
        { top: { first: { __typename: 'Product', price: { amount: 10 } } } },
      ],
    ],
  );
});

describe('value types that only their parents lead to', () => {
  answers(
    [
      {
        name: 'a',
        typeDefs: `
          type Product @key(fields: "id pid") { id: ID! pid: ID! @shareable category: Category @shareable }
          type Category { details: Details }
          type Details { products: Int }`,
        resolvers: { Product: { category: () => ({ details: { products: 7 } }) } },
      },
      {
        name: 'b',
        typeDefs: `
          type Query { product: Product }
          type Product @key(fields: "id") @key(fields: "id pid") { id: ID! pid: ID! @shareable category: Category @shareable }
          type Category { id: ID @shareable }`,
        resolvers: { Query: { product: () => ({ id: '1', pid: 'x', category: { id: 'c1' } }) } },
      },
      {
        name: 'c',
        typeDefs: `
          type Product @key(fields: "id") { id: ID! category: Category @shareable }
          type Category { name: String }`,
        resolvers: { Product: { category: () => ({ name: 'Lamps' }) } },
      },
    ],
    [
      [
        '{ product { category { id name details { products } } } }',
        { product: { category: { id: 'c1', name: 'Lamps', details: { products: 7 } } } },
      ],
      [
        '{ product { category { kind: __typename details { __typename } } } }',
        { product: { category: { kind: 'Category', details: { __typename: 'Details' } } } },
      ],
      ['{ product { id category { name } } }', { product: { id: '1', category: { name: 'Lamps' } } }],
    ],
  );
});

describe('null where a key should be', () => {
  const books = [
    { upc: 'b1', id: '1' },
    { upc: 'b2', id: null },
  ];
  answers(
    [
      {
        name: 'containers',
        typeDefs:
          'type Query { containers: [Container] } type Container { book: Book } type Book @key(fields: "upc") { upc: ID! }',
        resolvers: { Query: { containers: () => ['b1', 'b2', 'b3', null].map((upc) => ({ book: upc && { upc } })) } },
      },
      {
        name: 'ids',
        typeDefs: 'type Book @key(fields: "id") @key(fields: "upc") { id: ID upc: ID! }',
        resolvers: { Book: { __resolveReference: by(books, 'upc') } },
      },
      {
        name: 'authors',
        typeDefs: 'type Book @key(fields: "id") { id: ID author: Author } type Author { name: String }',
        resolvers: {
          Book: {
            __resolveReference: (book: { id: string | null }) => book.id && book,
            author: () => ({ name: 'Ada' }),
          },
        },
      },
    ],
    [
      [
        '{ containers { book { upc author { name } } } }',
        {
          containers: [
            { book: { upc: 'b1', author: { name: 'Ada' } } },
            { book: { upc: 'b2', author: null } },
            { book: { upc: 'b3', author: null } },
            { book: null },
          ],
        },
      ],
    ],
  );
});

describe('keys that a subgraph mentions without resolving them', () => {
  const items = { i1: { id: 'i1', code: 'c1', org: { id: 'o1', unit: 'm' } } };
  answers(
    [
      {
        name: 'orders',
        typeDefs: `
          type Query { order: Order }
          type Order { item: Item! }
          type Item @key(fields: "id", resolvable: false) { id: ID! }`,
        resolvers: { Query: { order: () => ({ item: { id: 'i1' } }) }, Item: { __resolveReference: never } },
      },
      {
        name: 'items',
        typeDefs:
          'type Item @key(fields: "id") @key(fields: "code", resolvable: false) { id: ID! code: ID! @shareable org: Org! @shareable } type Org { id: ID! @shareable unit: String! @shareable }',
        resolvers: { Item: { __resolveReference: ({ id }: { id: 'i1' }) => items[id] } },
      },
      {
        name: 'codes',
        typeDefs:
          'type Item @key(fields: "code org { id unit }") { code: ID! @shareable org: Org! @shareable stock: Int } type Org { id: ID! @shareable unit: String! @shareable }',
        resolvers: {
          Item: {
            stock: ({ code, org }: { code: string; org: { unit: string } }) =>
              code === 'c1' && org.unit === 'm' ? 3 : null,
          },
        },
      },
    ],
    [
      [
        '{ order { item { stock } } }',
        { order: { item: { stock: 3 } } },
        { requests: { orders: 1, items: 1, codes: 1 } },
      ],
      ['{ order { item { id stock code } } }', { order: { item: { id: 'i1', stock: 3, code: 'c1' } } }],
    ],
  );
});

describe('many keys of one entity', () => {
  const a = { 1: { id: '1', pid: 'a1', name: 'A one', composite: { one: 'x', two: 'y', three: 'z' } } };
  answers(
    [
      {
        name: 'a',
        typeDefs: `
          type A @key(fields: "id") @key(fields: "pid", resolvable: false) @key(fields: "composite { one two }", resolvable: false) @key(fields: "id composite { two three }", resolvable: false) {
            id: ID! pid: ID! composite: Composite! name: String!
          }
          type Composite { one: ID! two: ID! three: ID! }`,
        resolvers: { A: { __resolveReference: ({ id }: { id: 1 }) => a[id] } },
      },
      {
        name: 'b',
        typeDefs: `
          type Query { b: B }
          type B @key(fields: "id") { id: ID! a: [A!]! }
          type A @key(fields: "composite { one two }", resolvable: false) @key(fields: "id composite { two three }") @key(fields: "pid", resolvable: false) @key(fields: "id", resolvable: false) {
            id: ID! pid: ID! composite: Composite! name: String! @external title: String! @requires(fields: "name")
          }
          type Composite { one: ID! two: ID! three: ID! }`,
        resolvers: {
          Query: { b: () => ({ id: 'b1', a: [a[1]] }) },
          A: {
            name: never,
            __resolveReference: (reference: { id?: 1; composite?: object }) => {
              if (!reference.composite) throw new Error('The composite key is missing');
              return reference;
            },
            title: ({ name }: { name: string }) => name.toUpperCase(),
          },
        },
      },
    ],
    [
      ['{ b { id a { title } } }', { b: { id: 'b1', a: [{ title: 'A ONE' }] } }],
      [
        '{ b { a { id name title pid composite { three } } } }',
        { b: { a: [{ id: '1', name: 'A one', title: 'A ONE', pid: 'a1', composite: { three: 'z' } }] } },
      ],
    ],
  );
});
