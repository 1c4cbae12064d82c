import { describe } from '@jest/globals';
import { answers, by, never } from './answers.js';

const users = [
  { id: 'u1', name: 'Ada', nickname: 'countess' },
  { id: 'u2', name: 'Bob', nickname: null },
];
const owner = {
  name: 'users',
  typeDefs:
    'type Query { userById(id: ID): User } type User @key(fields: "id") { id: ID! name: String! nickname: String }',
  federation1: true as const,
  resolvers: {
    Query: { userById: (_: unknown, { id }: { id: string }) => by(users, 'id')({ id }) },
    User: { __resolveReference: by(users, 'id') },
  },
};
const random = { id: 'u1', name: 'provided' };

describe.each([
  ['extend type', 'extend type User @key(fields: "id") { id: ID! @external name: String! @external rid: ID }', true],
  ['@extends', 'type User @extends @key(fields: "id") { id: ID! @external name: String! @external rid: ID }', true],
  [
    'a mix of both',
    'extend type User @extends @key(fields: "id") { id: ID! @external name: String! @external rid: ID }',
    true,
  ],
  [
    'extend type in a second federation’s subgraph',
    'extend type User @key(fields: "id") { id: ID! @external name: String! @external rid: ID }',
    undefined,
  ],
] as const)('an entity of the first federation extended by %s', (_, extension, federation1) => {
  answers(
    [
      {
        name: 'randoms',
        typeDefs: `type Query { random: User provided: User @provides(fields: "name") } ${extension}`,
        ...(federation1 && { federation1 }),
        resolvers: {
          Query: { random: () => ({ id: 'u1' }), provided: () => random },
          User: { rid: ({ id }: { id: string }) => `r-${id}` },
        },
      },
      owner,
    ],
    [
      ['{ random { id rid name nickname } }', { random: { id: 'u1', rid: 'r-u1', name: 'Ada', nickname: 'countess' } }],
      [
        '{ userById(id: "u2") { id name nickname rid } }',
        { userById: { id: 'u2', name: 'Bob', nickname: null, rid: 'r-u2' } },
      ],
      [
        '{ provided { id name rid } }',
        { provided: { id: 'u1', name: 'provided', rid: 'r-u1' } },
        { requests: { randoms: 1, users: 0 } },
      ],
      ['{ userById(id: "nobody") { rid } }', { userById: null }],
    ],
  );
});

describe('an entity of the first federation that three subgraphs extend by several keys', () => {
  const products = [{ id: 'p1', upc: 'x1', name: 'Lamp' }];
  answers(
    [
      {
        name: 'a',
        federation1: true,
        typeDefs:
          'type Query { inA: Product } type Product @extends @key(fields: "id") @key(fields: "upc") { id: ID @external upc: String! @external pid: ID }',
        resolvers: {
          Query: { inA: () => ({ id: 'p1', upc: 'x1', pid: 'pid' }) },
          Product: { __resolveReference: by(products, 'id', 'upc'), pid: () => 'pid' },
        },
      },
      {
        name: 'b',
        federation1: true,
        typeDefs:
          'type Query { inB: Product } extend type Product @key(fields: "upc") { upc: String! @external price: Int }',
        resolvers: { Query: { inB: () => ({ upc: 'x1' }) }, Product: { price: () => 7 } },
      },
      {
        name: 'c',
        federation1: true,
        typeDefs: 'type Product @key(fields: "id") @key(fields: "upc") { id: ID! upc: String! name: String }',
        resolvers: { Product: { __resolveReference: by(products, 'id', 'upc') } },
      },
    ],
    [
      ['{ inA { id upc name pid price } }', { inA: { id: 'p1', upc: 'x1', name: 'Lamp', pid: 'pid', price: 7 } }],
      ['{ inB { id upc name price pid } }', { inB: { id: 'p1', upc: 'x1', name: 'Lamp', price: 7, pid: 'pid' } }],
    ],
  );
});

describe('an external field to no purpose', () => {
  answers(
    [
      {
        name: 'products',
        federation1: true,
        typeDefs: 'type Query { product: Product } type Product @key(fields: "id") { id: ID! price: Float! @external }',
        resolvers: { Query: { product: () => ({ id: 'p1', price: -1 }) }, Product: { price: never } },
      },
      {
        name: 'prices',
        federation1: true,
        typeDefs: 'type Product @key(fields: "id") { id: ID! price: Float! }',
        resolvers: { Product: { price: () => 9.5 } },
      },
    ],
    [
      ['{ product { id price } }', { product: { id: 'p1', price: 9.5 } }],
      ['{ product { price } }', { product: { price: 9.5 } }, { requests: { products: 1, prices: 1 } }],
    ],
  );
});
