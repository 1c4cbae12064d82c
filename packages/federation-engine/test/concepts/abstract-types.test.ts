import { describe } from '@jest/globals';
import { answers, by } from './answers.js';

const books = [
  { __typename: 'Book', id: 'b1', title: 'Book 1', sku: 's1' },
  { __typename: 'Book', id: 'b2', title: 'Book 2', sku: 's2' },
];
const magazines = [{ __typename: 'Magazine', id: 'm1', title: 'Magazine 1', sku: 's3' }];

describe('interfaces whose implementers live in several subgraphs', () => {
  const agency = { AGENCY: { id: 'x', companyName: 'Agency X' } };
  answers(
    [
      {
        name: 'products',
        typeDefs: `
          type Query { products: [Product] similar(id: ID!): [Product] }
          interface Product { id: ID! sku: String dimensions: Dimensions createdBy: Being }
          interface Similar { sku: String }
          type Dimensions @shareable { size: String weight: Float }
          union Being = User | Group
          type User @key(fields: "id") { id: ID! }
          type Group @key(fields: "id") { id: ID! }
          type Book implements Product & Similar @key(fields: "id") { id: ID! sku: String dimensions: Dimensions @shareable createdBy: Being }
          type Magazine implements Product & Similar @key(fields: "id") { id: ID! sku: String dimensions: Dimensions @shareable createdBy: Being }`,
        resolvers: {
          Query: { products: () => [...books, ...magazines, null], similar: () => [magazines[0], books[1]] },
          Book: {
            __resolveReference: by(books, 'id'),
            dimensions: () => ({ size: 'small', weight: 0.5 }),
            createdBy: ({ id }: { id: string }) => ({ __typename: 'User', id: `u-${id}` }),
          },
          Magazine: { createdBy: () => ({ __typename: 'Group', id: 'g1' }) },
        },
      },
      {
        name: 'inventory',
        typeDefs: `
          interface Product { id: ID! inStock: Boolean! delivery(zip: String): Delivery }
          type Dimensions @shareable { size: String weight: Float }
          type Delivery { estimated: String fastest: String }
          type Book implements Product @key(fields: "id") { id: ID! dimensions: Dimensions @external inStock: Boolean! delivery(zip: String): Delivery @requires(fields: "dimensions { size weight }") }
          type Magazine implements Product @key(fields: "id") { id: ID! dimensions: Dimensions @external inStock: Boolean! delivery(zip: String): Delivery @requires(fields: "dimensions { size weight }") }`,
        resolvers: Object.fromEntries(
          ['Book', 'Magazine'].map((type) => [
            type,
            {
              inStock: () => type === 'Book',
              delivery: ({ dimensions }: { dimensions: { size: string } | null }, { zip }: { zip?: string }) => ({
                estimated: `${dimensions?.size ?? 'unknown'} to ${zip ?? 'here'}`,
              }),
            },
          ]),
        ),
      },
      {
        name: 'people',
        typeDefs: `
          type Query { publisher: Publisher }
          union Publisher = Agency | Self
          type Agency { id: ID! companyName: String }
          type Self { email: String }
          type User @key(fields: "id") { id: ID! name: String! }
          type Group @key(fields: "id") { id: ID! label: String }
          type Book @key(fields: "id") { id: ID! publisher: Publisher }`,
        resolvers: {
          Query: { publisher: () => ({ __typename: 'Self', email: 'me@example.org' }) },
          User: { name: ({ id }: { id: string }) => `Name of ${id}` },
          Group: { label: () => 'Group' },
          Book: { publisher: () => ({ __typename: 'Agency', ...agency.AGENCY }) },
        },
      },
    ],
    [
      [
        '{ products { id sku __typename ... on Book { dimensions { size } } inStock } }',
        {
          products: [
            { id: 'b1', sku: 's1', __typename: 'Book', dimensions: { size: 'small' }, inStock: true },
            { id: 'b2', sku: 's2', __typename: 'Book', dimensions: { size: 'small' }, inStock: true },
            { id: 'm1', sku: 's3', __typename: 'Magazine', inStock: false },
            null,
          ],
        },
      ],
      [
        'query($zip: String) { similar(id: "p") { delivery(zip: $zip) { estimated fastest } other: delivery { estimated } } }',
        {
          similar: [
            { delivery: { estimated: 'unknown to 123', fastest: null }, other: { estimated: 'unknown to here' } },
            { delivery: { estimated: 'small to 123', fastest: null }, other: { estimated: 'small to here' } },
          ],
        },
        { variables: { zip: '123' } },
      ],
      [
        '{ similar(id: "p") { createdBy { ... on User { name } ... on Group { label } __typename } ... on Book { publisher { ... on Agency { companyName } ... on Self { email } } } } }',
        {
          similar: [
            { createdBy: { label: 'Group', __typename: 'Group' } },
            { createdBy: { name: 'Name of u-b2', __typename: 'User' }, publisher: { companyName: 'Agency X' } },
          ],
        },
      ],
      [
        '{ products { ... on Similar { sku } ... on Product { ... on Magazine { id dimensions { weight } } } } publisher { __typename ... on Self { email } } }',
        {
          products: [{ sku: 's1' }, { sku: 's2' }, { sku: 's3', id: 'm1', dimensions: null }, null],
          publisher: { __typename: 'Self', email: 'me@example.org' },
        },
      ],
    ],
  );
});

describe('a union in one subgraph, an interface over its members in the other', () => {
  const nodes = { n1: { __typename: 'Oven', id: 'o1' }, n2: { __typename: 'Toaster', id: 't1' } };
  answers(
    [
      {
        name: 'a',
        typeDefs: `
          type Query { products: [Product] }
          union Product = Oven | Toaster
          interface Node { id: ID! }
          type Oven @key(fields: "id") { id: ID! }
          type Toaster implements Node @key(fields: "id") { id: ID! }`,
        resolvers: { Query: { products: () => Object.values(nodes) } },
      },
      {
        name: 'b',
        typeDefs: `
          type Query { node(id: ID!): Node nodes: [Node!]! }
          interface Node { id: ID! }
          type Oven implements Node @key(fields: "id") { id: ID! warranty: Int }
          type Toaster @key(fields: "id") { id: ID! warranty: Int }
          type Fridge implements Node { id: ID! }`,
        resolvers: {
          Query: { node: () => nodes.n1, nodes: () => [nodes.n1, { __typename: 'Fridge', id: 'f1' }] },
          Oven: { warranty: () => 2 },
          Toaster: { warranty: () => 1 },
        },
      },
    ],
    [
      ['{ products { ... on Node { id } } }', { products: [{ id: 'o1' }, { id: 't1' }] }],
      [
        '{ products { ... on Node { __typename ... on Oven { warranty } } ... on Toaster { warranty } } }',
        {
          products: [
            { __typename: 'Oven', warranty: 2 },
            { __typename: 'Toaster', warranty: 1 },
          ],
        },
      ],
      [
        '{ node(id: "o1") { id ... on Oven { warranty } ... on Toaster { warranty } } }',
        { node: { id: 'o1', warranty: 2 } },
      ],
      [
        '{ nodes { ... on Node { id } __typename ... on Product { ... on Oven { warranty } } } }',
        {
          nodes: [
            { id: 'o1', __typename: 'Oven', warranty: 2 },
            { id: 'f1', __typename: 'Fridge' },
          ],
        },
      ],
    ],
  );
});

describe('fields that members of one selection declare differently', () => {
  answers(
    [
      {
        name: 'a',
        typeDefs: `
          type Query { users: [User!]! accounts: [Account!]! }
          union Account = User | Admin
          type User @key(fields: "id") { id: ID name: String @shareable }
          type Admin { id: ID! name: String! photos: [Photo!] }
          type Photo { url: String! size: Int! }`,
        resolvers: {
          User: { __resolveReference: by([{ id: 'u1', name: 'Ada' }], 'id') },
          Query: {
            users: () => [{ id: 'u1', name: 'Ada' }],
            accounts: () => [
              { __typename: 'User', id: 'u1', name: 'Ada' },
              { __typename: 'Admin', id: 'a1', name: 'Root', photos: [{ url: '/1', size: 3 }] },
            ],
          },
        },
      },
      {
        name: 'b',
        typeDefs:
          'type Query { similar(id: ID!): [User] } type User @key(fields: "id") { id: ID! similar: [User] photos: Photos } type Photos { count: Int }',
        resolvers: {
          Query: { similar: () => [{ id: 'u1' }] },
          User: { similar: () => [{ id: 'u1' }], photos: () => ({ count: 4 }) },
        },
      },
    ],
    [
      ['{ users { id name } }', { users: [{ id: 'u1', name: 'Ada' }] }],
      [
        '{ accounts { ... on User { id name similar { id name } } ... on Admin { adminId: id adminName: name } } }',
        {
          accounts: [
            { id: 'u1', name: 'Ada', similar: [{ id: 'u1', name: 'Ada' }] },
            { adminId: 'a1', adminName: 'Root' },
          ],
        },
      ],
      [
        '{ accounts { ... on User { u: photos { count } similar { id } } ... on Admin { a: photos { url size } id } } similar(id: "u1") { name } }',
        {
          accounts: [
            { u: { count: 4 }, similar: [{ id: 'u1' }] },
            { a: [{ url: '/1', size: 3 }], id: 'a1' },
          ],
          similar: [{ name: 'Ada' }],
        },
      ],
    ],
  );
});

describe('an interface that refers to itself', () => {
  const book = { __typename: 'Book', id: 'b1', price: 10 };
  answers(
    [
      {
        name: 'a',
        typeDefs: `
          type Query { product: Product }
          interface Product { samePrice: Product }
          type Book implements Product @key(fields: "id") { id: ID! samePrice: Book @provides(fields: "price") price: Float @external }`,
        resolvers: { Query: { product: () => book }, Book: { samePrice: () => ({ ...book, id: 'b2' }) } },
      },
      {
        name: 'b',
        typeDefs: `
          interface Product { id: ID! price: Float samePrice: Product }
          type Book implements Product @key(fields: "id") { id: ID! price: Float @shareable samePrice: Book @external }`,
        resolvers: { Book: { price: () => 10 } },
      },
    ],
    [
      [
        '{ product { samePrice { __typename ... on Book { id } } } }',
        { product: { samePrice: { __typename: 'Book', id: 'b2' } } },
      ],
      [
        '{ product { __typename samePrice { id price ... on Book { samePrice { id price } } } } }',
        { product: { __typename: 'Book', samePrice: { id: 'b2', price: 10, samePrice: { id: 'b2', price: 10 } } } },
      ],
      [
        '{ product { ... on Product { ... on Book { price samePrice { samePrice { samePrice { price } } } } } } }',
        { product: { price: 10, samePrice: { samePrice: { samePrice: { price: 10 } } } } },
      ],
    ],
  );
});
