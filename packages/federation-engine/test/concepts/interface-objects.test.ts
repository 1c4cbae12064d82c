import { describe } from '@jest/globals';
import { answers, by } from './answers.js';

const nodes = [
  { __typename: 'User', id: 'u1', name: 'ada', age: 36 },
  { __typename: 'Bot', id: 'b1', name: 'r2', age: null },
];
const find = by(nodes, 'id');
const users = {
  name: 'users',
  typeDefs: `
    type Query { nodes: [Named!]! one: User }
    interface Named @key(fields: "id") { id: ID! name: String! }
    type User implements Named @key(fields: "id") { id: ID! name: String! age: Int }
    type Bot implements Named @key(fields: "id") { id: ID! name: String! model: String }`,
  resolvers: {
    Query: { nodes: () => nodes, one: () => nodes[0] },
    Named: { __resolveReference: find },
    User: { __resolveReference: find },
    Bot: { __resolveReference: find, model: () => 'D2' },
  },
};

describe('an interface object with @requires', () => {
  answers(
    [
      users,
      {
        name: 'names',
        typeDefs: `
          type Query { others: [Named] }
          type Named @key(fields: "id") @interfaceObject {
            id: ID! name: String! @external username: String! @requires(fields: "name") followers: Int! badge: String @requires(fields: "name")
          }`,
        resolvers: {
          Query: { others: () => [{ id: 'b1' }, { id: 'u1' }, null] },
          Named: {
            username: ({ name }: { name?: string }) => name && `@${name}`,
            badge: ({ name }: { name: string }) =>
              name === 'r2' ? Promise.reject(new Error('no badge')) : `*${name}*`,
            followers: ({ id }: { id: string }) => Number(id[1]) * 5,
          },
        },
      },
    ],
    [
      [
        '{ nodes { id name username } }',
        {
          nodes: [
            { id: 'u1', name: 'ada', username: '@ada' },
            { id: 'b1', name: 'r2', username: '@r2' },
          ],
        },
      ],
      ['{ others { username } }', { others: [{ username: '@r2' }, { username: '@ada' }, null] }],
      [
        '{ others { id followers } }',
        { others: [{ id: 'b1', followers: 5 }, { id: 'u1', followers: 5 }, null] },
        { requests: { users: 0, names: 1 } },
      ],
      ['{ one { username followers age } }', { one: { username: '@ada', followers: 5, age: 36 } }],
      ['{ nodes { ... on User { age id username } } }', { nodes: [{ age: 36, id: 'u1', username: '@ada' }, {}] }],
      [
        '{ nodes { followers ... on User { username } } }',
        { nodes: [{ followers: 5, username: '@ada' }, { followers: 5 }] },
      ],
      [
        '{ others { followers ... on Bot { username model } } }',
        { others: [{ followers: 5, username: '@r2', model: 'D2' }, { followers: 5 }, null] },
      ],
      [
        '{ others { __typename ... on User { badge } followers } }',
        { others: [{ __typename: 'Bot', followers: 5 }, { __typename: 'User', badge: '*ada*', followers: 5 }, null] },
      ],
      [
        '{ nodes { ... on User { badge } ... on Bot { followers } name } }',
        {
          nodes: [
            { badge: '*ada*', name: 'ada' },
            { followers: 5, name: 'r2' },
          ],
        },
      ],
      [
        '{ nodes { badge id } }',
        {
          nodes: [
            { badge: '*ada*', id: 'u1' },
            { badge: null, id: 'b1' },
          ],
        },
        { errors: ['nodes.1.badge'] },
      ],
      [
        'query($username: Boolean!) { nodes { followers username @include(if: $username) } }',
        { nodes: [{ followers: 5 }, { followers: 5 }] },
        { variables: { username: false }, requests: { users: 1, names: 1 } },
      ],
    ],
  );
});

describe('an interface object that a third subgraph’s types join', () => {
  answers(
    [
      {
        name: 'media',
        typeDefs: `
          type Query { media: Media }
          interface Media @key(fields: "id") { id: ID! title: String }
          type Video implements Media @key(fields: "id") { id: ID! title: String duration: Int }
          type Article implements Media @key(fields: "id") { id: ID! title: String words: Int }`,
        resolvers: {
          Query: { media: () => ({ __typename: 'Video', id: '1', title: 'Title 1', duration: 100 }) },
          Media: {
            __resolveReference: ({ id }: { id: string }) => ({
              __typename: id === '1' ? 'Video' : 'Article',
              id,
              title: `Title ${id}`,
              duration: 100,
              words: 9,
            }),
          },
          Video: { __resolveReference: ({ id }: { id: string }) => ({ id, title: `Title ${id}`, duration: 100 }) },
          Article: { __resolveReference: ({ id }: { id: string }) => ({ id, title: `Title ${id}`, words: 9 }) },
        },
      },
      {
        name: 'authors',
        typeDefs: 'type Query { author: String } type Video @key(fields: "id") { id: ID! author: String }',
        resolvers: { Query: { author: () => 'A' }, Video: { author: ({ id }: { id: string }) => `Author ${id}` } },
      },
      {
        name: 'playlists',
        typeDefs:
          'type Query { playlist: [Media] } type Media @key(fields: "id") @interfaceObject { id: ID! position: Int! }',
        resolvers: {
          Query: { playlist: () => [{ id: '1' }, { id: '2' }] },
          Media: { position: ({ id }: { id: string }) => Number(id) },
        },
      },
    ],
    [
      [
        '{ media { id position ... on Video { duration author } } playlist { position ... on Video { author duration } ... on Article { words } __typename } author }',
        {
          media: { id: '1', position: 1, duration: 100, author: 'Author 1' },
          playlist: [
            { position: 1, author: 'Author 1', duration: 100, __typename: 'Video' },
            { position: 2, words: 9, __typename: 'Article' },
          ],
          author: 'A',
        },
      ],
      [
        '{ playlist { id title } }',
        {
          playlist: [
            { id: '1', title: 'Title 1' },
            { id: '2', title: 'Title 2' },
          ],
        },
      ],
      ['{ playlist { ... on Video { position } } }', { playlist: [{ position: 1 }, {}] }],
      ['{ playlist { kind: __typename } }', { playlist: [{ kind: 'Video' }, { kind: 'Article' }] }],
    ],
  );
});

describe('interfaces around an interface object', () => {
  const items = [
    { __typename: 'Book', id: '1', name: 'B' },
    { __typename: 'Disc', id: '2', name: 'D' },
  ];
  answers(
    [
      {
        name: 'pages',
        typeDefs: `
          type Query { items: [Item!] node: Node anything: Any }
          interface Node { id: ID! }
          interface Wider { id: ID! }
          union Any = Book | Disc | Page
          type Page implements Node { id: ID! }
          interface Item implements Node & Wider @key(fields: "id") { id: ID! name: String }
          type Book implements Item & Node & Wider @key(fields: "id") { id: ID! name: String }
          type Disc implements Item & Node & Wider @key(fields: "id") { id: ID! name: String }`,
        resolvers: {
          Query: { items: () => items, node: () => items[0], anything: () => items[0] },
          Item: { __resolveReference: by(items, 'id') },
          Book: { __resolveReference: by(items, 'id') },
          Disc: { __resolveReference: by(items, 'id') },
        },
      },
      {
        name: 'ratings',
        typeDefs: `
          type Query { rated: [Item!] found: Node }
          interface Node { id: ID! }
          type Item implements Node @key(fields: "id") @interfaceObject { id: ID! stars: Int }`,
        resolvers: {
          Query: { rated: () => [{ id: '1' }, { id: '2' }], found: () => ({ __typename: 'Item', id: '2' }) },
          Item: { stars: ({ id }: { id: string }) => Number(id) },
        },
      },
    ],
    [
      [
        '{ rated { ... on Node { id } stars } }',
        {
          rated: [
            { id: '1', stars: 1 },
            { id: '2', stars: 2 },
          ],
        },
        { requests: { pages: 0, ratings: 1 } },
      ],
      [
        '{ rated { ...N stars } } fragment N on Node { __typename ... on Item { name } ... on Book { id } }',
        {
          rated: [
            { __typename: 'Book', name: 'B', id: '1', stars: 1 },
            { __typename: 'Disc', name: 'D', stars: 2 },
          ],
        },
      ],
      [
        '{ rated { ... on Wider { id ... on Node { ... on Wider { ... on Disc { name stars } } ... on Page { id } } } } }',
        { rated: [{ id: '1' }, { id: '2', name: 'D', stars: 2 }] },
      ],
      ['{ rated { ... on Any { ... on Book { name } ... on Page { id } } } }', { rated: [{ name: 'B' }, {}] }],
      ['{ node { ... on Wider { id ... on Item { stars } } } }', { node: { id: '1', stars: 1 } }],
      [
        '{ anything { ... on Wider { id ... on Item { stars } ... on Node { __typename } } } }',
        { anything: { id: '1', stars: 1, __typename: 'Book' } },
      ],
      ['{ found { id } }', { found: { id: '2' } }, { requests: { pages: 0, ratings: 1 } }],
      ['{ found { __typename ... on Page { id } } }', { found: { __typename: 'Disc' } }],
      ['{ found { ... on Item { stars name } } }', { found: { stars: 2, name: 'D' } }],
    ],
  );
});
