import { describe, expect, it } from '@jest/globals';
import { Federation, type TestSubgraph } from '../federation.js';
import { answers, by } from './answers.js';

describe('a root field that several subgraphs answer in parts', () => {
  const part = (name: string, type: string, fields: string, of: (id: string) => object) => {
    const product = (id: string) => ({ id, [type.toLowerCase()]: of(id) });
    return {
      name,
      typeDefs: `
        type Query { product: Product @shareable products: [Product] @shareable }
        type Product { id: ID! @shareable ${type.toLowerCase()}: ${type} }
        type ${type} { id: ID! ${fields} }`,
      resolvers: { Query: { product: () => product('1'), products: () => ['1', '2'].map(product) } },
    };
  };
  const subgraphs: TestSubgraph[] = [
    part('categories', 'Category', 'name: String', (id) => ({ id: `c${id}`, name: `Category ${id}` })),
    part('names', 'Name', 'brand: String', (id) => ({ id: `n${id}`, brand: `Brand ${id}` })),
    part('prices', 'Price', 'amount: Int', (id) => ({ id: `p${id}`, amount: Number(id) })),
  ];
  const whole = (id: string) => ({
    id,
    name: { id: `n${id}`, brand: `Brand ${id}` },
    category: { id: `c${id}`, name: `Category ${id}` },
    price: { id: `p${id}`, amount: Number(id) },
  });
  const fields = 'id name { id brand } category { id name } price { id amount }';
  answers(subgraphs, [
    [`{ product { ${fields} } }`, { product: whole('1') }, { requests: { categories: 1, names: 1, prices: 1 } }],
    [`{ products { ${fields} } }`, { products: [whole('1'), whole('2')] }],
    [
      `{ one: product { name { brand } } two: product { price { amount } __typename } }`,
      { one: { name: { brand: 'Brand 1' } }, two: { price: { amount: 1 }, __typename: 'Product' } },
      { requests: { categories: 0, names: 1, prices: 1 } },
    ],
    ['{ product { id } }', { product: { id: '1' } }],
  ]);
});

describe('mutations', () => {
  const log: string[] = [];
  const products = new Map<string, { id: string; name: string; price: number }>();
  const subgraphs: TestSubgraph[] = [
    {
      name: 'products',
      typeDefs: `
        type Query { product(id: ID!): Product! }
        type Mutation { addProduct(input: ProductInput!): Product! multiply(by: Int!): Int! }
        input ProductInput { name: String! price: Int! }
        type Product @key(fields: "id") { id: ID! name: String! price: Int! }`,
      resolvers: {
        Query: { product: (_: unknown, { id }: { id: string }) => products.get(id) },
        Mutation: {
          addProduct: (_: unknown, { input }: { input: { name: string; price: number } }) => {
            const product = { id: `p${products.size + 1}`, ...input };
            products.set(product.id, product);
            log.push(`add ${product.id}`);
            return product;
          },
          multiply: (_: unknown, { by: factor }: { by: number }) => {
            log.push(`multiply ${factor}`);
            for (const product of products.values()) product.price *= factor;
            return products.size;
          },
        },
        Product: { __resolveReference: ({ id }: { id: string }) => products.get(id) },
      },
    },
    {
      name: 'discounts',
      typeDefs: `
        type Mutation { halve: Int! @shareable remove(name: String!): Category }
        type Category @key(fields: "id") { id: ID! }
        type Product @key(fields: "id") { id: ID! price: Int! @external isExpensive: Boolean! @requires(fields: "price") isKnown: Boolean! }`,
      resolvers: {
        Mutation: {
          halve: () => {
            log.push('halve');
            for (const product of products.values()) product.price /= 2;
            return products.size;
          },
          remove: (_: unknown, { name }: { name: string }) => {
            log.push(`remove ${name}`);
            return { id: name };
          },
        },
        Product: {
          isExpensive: ({ price }: { price: number }) => price > 100,
          isKnown: ({ id }: { id: string }) => products.has(id),
        },
      },
    },
    {
      name: 'categories',
      typeDefs: 'type Category @key(fields: "id") { id: ID! label: String! }',
      resolvers: { Category: { label: ({ id }: { id: string }) => `Category ${id}` } },
    },
  ];

  it('run one after the other, across subgraphs, and are completed by others', async () => {
    const federation = new Federation(subgraphs);
    const { data, errors } = await federation.run(
      `mutation($input: ProductInput!) {
        first: addProduct(input: $input) { name price isExpensive isKnown }
        a: multiply(by: 10)
        second: addProduct(input: $input) { id price }
        removed: remove(name: "x") { label }
        halve
        b: multiply(by: 3)
        __typename
      }`,
      { variables: { input: { name: 'Lamp', price: 20 } } },
    );
    expect(errors).toBeUndefined();
    expect(JSON.stringify(data)).toBe(
      JSON.stringify({
        first: { name: 'Lamp', price: 20, isExpensive: false, isKnown: true },
        a: 1,
        second: { id: 'p2', price: 20 },
        removed: { label: 'Category x' },
        halve: 2,
        b: 2,
        __typename: 'Mutation',
      }),
    );
    expect(log).toEqual(['add p1', 'multiply 10', 'add p2', 'remove x', 'halve', 'multiply 3']);
    expect((await federation.run('{ product(id: "p1") { price isExpensive } }')).data).toEqual({
      product: { price: 300, isExpensive: true },
    });
  });
});

describe('__typename', () => {
  const users = [
    { id: 'u1', __typename: 'User', name: 'Ada' },
    { id: 'a1', __typename: 'Admin' },
  ];
  const subgraphs: TestSubgraph[] = [
    {
      name: 'a',
      typeDefs: `
        type Query { union: Being interface: Node user: User admin: Admin @shareable nobody: User }
        type Mutation { nothing: Int }
        interface Node { id: ID! }
        union Being = User | Admin
        type User implements Node @key(fields: "id") { id: ID! name: String @shareable }
        type Admin implements Node @key(fields: "id") { id: ID! }`,
      resolvers: {
        Query: { union: () => users[1], interface: () => users[0], user: () => users[0], admin: () => users[1] },
      },
    },
    {
      name: 'b',
      typeDefs: `
        type Query { admin: Admin @shareable }
        type User @key(fields: "id") { id: ID! age: Int }
        type Admin @key(fields: "id") { id: ID! level: Int }`,
      resolvers: {
        User: { age: () => 36 },
        Admin: { level: () => 9, __resolveReference: by(users, 'id') },
        Query: { admin: () => users[1] },
      },
    },
  ];
  answers(subgraphs, [
    ['{ __typename }', { __typename: 'Query' }, { requests: { a: 0, b: 0 } }],
    [
      'mutation { __typename also: __typename }',
      { __typename: 'Mutation', also: 'Mutation' },
      { requests: { a: 0, b: 0 } },
    ],
    [
      '{ a: __typename ... { __typename } ... on Query { b: __typename } }',
      { a: 'Query', __typename: 'Query', b: 'Query' },
    ],
    [
      '{ user { __typename } nobody { __typename } }',
      { user: { __typename: 'User' }, nobody: null },
      { requests: { a: 1, b: 0 } },
    ],
    ['{ user { kind: __typename t: __typename age } }', { user: { kind: 'User', t: 'User', age: 36 } }],
    ['{ union { __typename ... on Admin { level __typename } } }', { union: { __typename: 'Admin', level: 9 } }],
    [
      '{ union { ... on User { __typename } } interface { ... on User { t: __typename } __typename } }',
      { union: {}, interface: { t: 'User', __typename: 'User' } },
    ],
    ['{ interface { ... on Node { __typename ... on Admin { level } } } }', { interface: { __typename: 'User' } }],
    ['{ admin { __typename id } __typename }', { admin: { __typename: 'Admin', id: 'a1' }, __typename: 'Query' }],
    [
      '{ union { ...B } } fragment B on Being { __typename ...A } fragment A on Admin { x: __typename }',
      { union: { __typename: 'Admin', x: 'Admin' } },
    ],
    ['{ user { id: __typename __typename: id } }', { user: { id: 'User', __typename: 'u1' } }],
  ]);

  it('and introspection stand beside data, each where it was selected', async () => {
    const federation = new Federation(subgraphs);
    const { data } = await federation.run(
      '{ user { age } __type(name: "Admin") { name fields { name } } __schema { queryType { name } } __typename none: __type(name: "Nothing") { name } }',
    );
    expect(JSON.stringify(data)).toBe(
      '{"user":{"age":36},"__type":{"name":"Admin","fields":[{"name":"id"},{"name":"level"}]},"__schema":{"queryType":{"name":"Query"}},"__typename":"Query","none":null}',
    );
  });
});

describe('a node that one subgraph names and others fill', () => {
  const nodes = { p1: { __typename: 'Product', id: 'p1' }, c1: { __typename: 'Category', id: 'c1' } };
  answers(
    [
      {
        name: 'nodes',
        typeDefs: `
          type Query { product: Node category: Node nodes: [Node] }
          interface Node { id: ID! }
          type Product implements Node @key(fields: "id") { id: ID! }
          type Category implements Node @key(fields: "id") { id: ID! }`,
        resolvers: {
          Query: { product: () => nodes.p1, category: () => nodes.c1, nodes: () => [nodes.c1, null, nodes.p1] },
        },
      },
      {
        name: 'types',
        typeDefs: `
          interface Node { id: ID! }
          type Product implements Node @key(fields: "id") { id: ID! name: String! createdAt: String! }
          type Category implements Node @key(fields: "id") { id: ID! name: String! }`,
        resolvers: { Product: { name: () => 'Lamp', createdAt: () => 'today' }, Category: { name: () => 'Lights' } },
      },
    ],
    [
      [
        '{ product { ... on Product { id name createdAt } } }',
        { product: { id: 'p1', name: 'Lamp', createdAt: 'today' } },
      ],
      [
        '{ product { id __typename ... on Product { name } ... on Category { name } } category { __typename id ...C ...P } } fragment P on Product { name } fragment C on Category { name }',
        {
          product: { id: 'p1', __typename: 'Product', name: 'Lamp' },
          category: { __typename: 'Category', id: 'c1', name: 'Lights' },
        },
      ],
      [
        '{ nodes { ... on Product { label: createdAt } ... on Category { label: name } } }',
        { nodes: [{ label: 'Lights' }, null, { label: 'today' }] },
      ],
    ],
  );
});
