import { describe } from '@jest/globals';
import { answers, by, never } from './answers.js';

describe('@override of types behind an interface', () => {
  const images = [
    { __typename: 'ImagePost', id: 'i1' },
    { __typename: 'ImagePost', id: 'i2' },
  ];
  const text = { __typename: 'TextPost', id: 't1', createdAt: 'text', body: 'Body' };
  answers(
    [
      {
        name: 'a',
        typeDefs: `
          type Query { feed: [Post] }
          interface Post { id: ID! createdAt: String! }
          type ImagePost implements Post @key(fields: "id") { id: ID! createdAt: String! @override(from: "b") }`,
        resolvers: { Query: { feed: () => images }, ImagePost: { createdAt: ({ id }: { id: string }) => `new ${id}` } },
      },
      {
        name: 'b',
        typeDefs: `
          type Query { more: [Post] }
          interface Post { id: ID! createdAt: String! }
          type TextPost implements Post @key(fields: "id") { id: ID! createdAt: String! body: String! }
          type ImagePost implements Post @key(fields: "id") { id: ID! createdAt: String! }`,
        resolvers: { Query: { more: () => [text, images[0]] }, ImagePost: { createdAt: never } },
      },
    ],
    [
      [
        '{ feed { id createdAt } }',
        {
          feed: [
            { id: 'i1', createdAt: 'new i1' },
            { id: 'i2', createdAt: 'new i2' },
          ],
        },
      ],
      [
        '{ more { id createdAt } }',
        {
          more: [
            { id: 't1', createdAt: 'text' },
            { id: 'i1', createdAt: 'new i1' },
          ],
        },
      ],
      [
        '{ more { ... on TextPost { body } ... on ImagePost { createdAt } } }',
        { more: [{ body: 'Body' }, { createdAt: 'new i1' }] },
      ],
      [
        '{ feed { ... on TextPost { id body } __typename } }',
        { feed: [{ __typename: 'ImagePost' }, { __typename: 'ImagePost' }] },
      ],
    ],
  );
});

describe('@override from a subgraph that is not there', () => {
  answers(
    [
      {
        name: 'a',
        typeDefs:
          'type Query { a: [Post] } type Post @key(fields: "id") { id: ID! createdAt: String! @override(from: "gone") @shareable }',
        resolvers: {
          Query: { a: () => [{ id: '1', createdAt: 'in a' }] },
          Post: { __resolveReference: ({ id }: { id: string }) => ({ id, createdAt: 'in a' }) },
        },
      },
      {
        name: 'b',
        typeDefs:
          'type Query { b: [Post] @override(from: "gone") } type Post @key(fields: "id") { id: ID! createdAt: String! @shareable likes: Int }',
        resolvers: { Query: { b: () => [{ id: '2', createdAt: 'in b' }] }, Post: { likes: () => 3 } },
      },
    ],
    [
      ['{ a { createdAt likes } }', { a: [{ createdAt: 'in a', likes: 3 }] }],
      ['{ b { createdAt } }', { b: [{ createdAt: 'in b' }] }, { requests: { a: 0, b: 1 } }],
    ],
  );
});

describe('@override of a key, and of what is required', () => {
  const users = [
    { id: 'u1', code: 'c1', name: 'Ada' },
    { id: 'u2', code: 'c2', name: 'Bob' },
  ];
  answers(
    [
      {
        name: 'a',
        typeDefs: `
          type Query { users: [User] }
          type User @key(fields: "id") { id: ID! name: String! label: String! @requires(fields: "title") title: String! @external }`,
        resolvers: {
          Query: { users: () => users.map(({ id }) => ({ id })) },
          User: { name: never, label: ({ title }: { title: string }) => `<${title}>` },
        },
      },
      {
        name: 'b',
        typeDefs: `
          type Query { b: [User] }
          type User @key(fields: "id") @key(fields: "code") { id: ID! code: ID! name: String! @override(from: "a") title: String! @requires(fields: "rank") rank: Int! @external }`,
        resolvers: {
          Query: { b: () => users },
          User: {
            __resolveReference: (reference: { id: string }) => ({
              ...by(users, 'id', 'code')(reference),
              ...reference,
            }),
            title: ({ id, rank }: { id: string; rank: number }) => `${rank}. ${id}`,
          },
        },
      },
      {
        name: 'c',
        typeDefs:
          'type User @key(fields: "id") @key(fields: "code") { id: ID! code: ID! @override(from: "b") rank: Int! }',
        resolvers: {
          User: { __resolveReference: by(users, 'id', 'code'), rank: ({ code }: { code: string }) => Number(code[1]) },
        },
      },
    ],
    [
      ['{ users { name } }', { users: [{ name: 'Ada' }, { name: 'Bob' }] }],
      [
        '{ users { label name } }',
        {
          users: [
            { label: '<1. u1>', name: 'Ada' },
            { label: '<2. u2>', name: 'Bob' },
          ],
        },
      ],
      [
        '{ b { code rank label } }',
        {
          b: [
            { code: 'c1', rank: 1, label: '<1. u1>' },
            { code: 'c2', rank: 2, label: '<2. u2>' },
          ],
        },
      ],
    ],
  );
});
