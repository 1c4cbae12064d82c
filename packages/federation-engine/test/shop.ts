import type { EngineOptions } from '@platform/federation-engine';
import { Federation, type TestSubgraph } from './federation.js';

const users = [
  { id: 'u1', name: 'Ada', email: 'ada@example.org' },
  { id: 'u2', name: 'Bob', email: null },
];
const products = [
  { upc: 'p1', sku: 's1', name: 'Table', price: 100, weight: 80, __typename: 'Furniture' },
  { upc: 'p2', sku: 's2', name: 'Novel', price: 10, weight: 1, __typename: 'Book', pages: 300 },
  { upc: 'p3', sku: 's3', name: 'Chair', price: 50, weight: 20, __typename: 'Furniture' },
];
const reviews = [
  { id: 'r1', body: 'Love it', authorId: 'u1', upc: 'p1', tags: [['a', 'b'], ['c']] },
  { id: 'r2', body: 'Too expensive', authorId: 'u1', upc: 'p2', tags: [] },
  { id: 'r3', body: 'Could be better', authorId: 'u2', upc: 'p1', tags: [['d']] },
];

export const accounts: TestSubgraph = {
  name: 'accounts',
  typeDefs: `
    type Query { me: User users: [User!]! user(id: ID!): User node: Named }
    type Mutation { rename(id: ID!, name: String!): User! fail: Int! failSoftly: Int count: Int! }
    interface Named { name: String }
    type User implements Named @key(fields: "id") { id: ID! name: String email: String! nickname(style: String): String }
  `,
  resolvers: {
    Query: {
      me: () => users[0],
      users: () => users,
      user: (_: unknown, { id }: { id: string }) => users.find((user) => user.id === id),
      node: () => ({ ...users[0], __typename: 'User' }),
    },
    Mutation: {
      rename: (_: unknown, { id, name }: { id: string; name: string }) => ({
        ...users.find((user) => user.id === id),
        name,
      }),
      fail: () => Promise.reject(new Error('no')),
      failSoftly: () => Promise.reject(new Error('not really')),
      count: () => 1,
    },
    User: {
      __resolveReference: ({ id }: { id: string }) => users.find((user) => user.id === id),
      nickname: ({ name }: { name: string }, { style }: { style?: string }) => `${name}${style ?? ''}`,
    },
  },
};

export const catalog: TestSubgraph = {
  name: 'catalog',
  typeDefs: `
    type Query { products: [Product] product(upc: String!): Product search: [Found] }
    interface Product { upc: String! name: String price: Int }
    type Furniture implements Product @key(fields: "upc") @key(fields: "sku") { upc: String! sku: String! name: String price: Int weight(unit: String): Int }
    type Book implements Product @key(fields: "upc") { upc: String! name: String price: Int pages: Int }
    union Found = Furniture | Book
  `,
  resolvers: {
    Query: {
      products: () => products,
      product: (_: unknown, { upc }: { upc: string }) => products.find((product) => product.upc === upc),
      search: () => products,
    },
    Furniture: {
      __resolveReference: (key: { upc?: string; sku?: string }) =>
        products.find((product) => product.upc === key.upc || product.sku === key.sku),
      weight: ({ weight }: { weight: number }, { unit }: { unit?: string }) => (unit === 'g' ? weight * 1000 : weight),
    },
    Book: { __resolveReference: ({ upc }: { upc: string }) => products.find((product) => product.upc === upc) },
  },
};

export const reviewing: TestSubgraph = {
  name: 'reviews',
  typeDefs: `
    type Query { latest: [Review!]! }
    type Mutation { review(upc: String!): Review flag: Int! }
    type Review @key(fields: "id") { id: ID! body: String! author: User! product: Product tags: [[String!]!] }
    type User @key(fields: "id") { id: ID! reviews: [Review!] }
    interface Product { upc: String! reviews: [Review!]! }
    type Furniture implements Product @key(fields: "upc") { upc: String! reviews: [Review!]! }
    type Book implements Product @key(fields: "upc") { upc: String! reviews: [Review!]! }
  `,
  resolvers: {
    Query: { latest: () => reviews },
    Mutation: { review: () => reviews[0], flag: () => 7 },
    Review: {
      author: ({ authorId }: { authorId: string }) => ({ id: authorId }),
      product: ({ upc }: { upc: string }) => ({ upc, __typename: upc === 'p2' ? 'Book' : 'Furniture' }),
    },
    User: { reviews: ({ id }: { id: string }) => reviews.filter((review) => review.authorId === id) },
    Furniture: { reviews: ({ upc }: { upc: string }) => reviews.filter((review) => review.upc === upc) },
    Book: { reviews: ({ upc }: { upc: string }) => reviews.filter((review) => review.upc === upc) },
  },
};

export const inventory: TestSubgraph = {
  name: 'inventory',
  typeDefs: `
    type Query { _inventory: Int }
    type Furniture @key(fields: "upc") {
      upc: String!
      price: Int @external
      weight(unit: String): Int @external
      inStock: Boolean
      shipping: Int @requires(fields: "price weight(unit: \\"g\\")")
    }
    type Book @key(fields: "upc") { upc: String! inStock: Boolean }
  `,
  resolvers: {
    Furniture: {
      inStock: ({ upc }: { upc: string }) => upc === 'p1',
      shipping: ({ price, weight }: { price: number; weight: number }) => price + weight,
    },
    Book: { inStock: () => true },
  },
};

/** Four subgraphs that share users and products; `p1` is reviewed by two users, one of them without the e-mail every user must have. */
export const shop = (options: Partial<EngineOptions> = {}) =>
  new Federation([accounts, catalog, reviewing, inventory], options);
