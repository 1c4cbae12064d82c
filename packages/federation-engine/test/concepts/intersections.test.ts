import { describe, expect, it } from '@jest/globals';
import { Federation, type TestSubgraph } from '../federation.js';
import { answers, by } from './answers.js';

describe('input objects of several subgraphs', () => {
  const users = [
    { id: 'u1', name: 'Ada' },
    { id: 'u2', name: 'Bob' },
  ];
  const subgraphs: TestSubgraph[] = [
    {
      name: 'a',
      typeDefs: `
        type Query { inA(filter: Filter!): [User] }
        input Filter { first: Int! = 1 tags: [Tag!] kind: Kind }
        input Tag { name: String! }
        enum Kind { A B }
        type User @key(fields: "id") { id: ID! }`,
      resolvers: {
        Query: { inA: (_: unknown, { filter }: { filter: { first: number } }) => users.slice(0, filter.first) },
        User: { __resolveReference: by(users, 'id') },
      },
    },
    {
      name: 'b',
      typeDefs: `
        type Query { inB(filter: Filter): [User!] }
        input Filter { first: Int! = 1 after: ID tags: [Tag!] }
        input Tag { name: String! colour: String }
        type User @key(fields: "id") { id: ID! name: String }`,
      resolvers: {
        Query: { inB: (_: unknown, { filter }: { filter?: { first: number } }) => users.slice(-(filter?.first ?? 1)) },
        User: { __resolveReference: by(users, 'id') },
      },
    },
  ];
  answers(subgraphs, [
    ['{ inA(filter: { first: 1 }) { name } inB { id } }', { inA: [{ name: 'Ada' }], inB: [{ id: 'u2' }] }],
    [
      'query($filter: Filter!) { inA(filter: $filter) { id } inB(filter: $filter) { name } }',
      { inA: [{ id: 'u1' }, { id: 'u2' }], inB: [{ name: 'Ada' }, { name: 'Bob' }] },
      { variables: { filter: { first: 2, tags: [{ name: 'x' }] } } },
    ],
    [
      'query($first: Int!) { inA(filter: { first: $first, tags: { name: "x" } }) { id } }',
      { inA: [{ id: 'u1' }] },
      { variables: { first: 1 } },
    ],
  ]);

  it.each([
    ['a field that only one knows', '{ inB(filter: { first: 1, after: "x" }) { id } }', undefined],
    [
      'a field of a field that only one knows',
      'query($f: Filter) { inB(filter: $f) { id } }',
      { f: { tags: [{ name: 'x', colour: 'red' }] } },
    ],
    ['null for what one of them requires', '{ inB(filter: { first: null }) { id } }', undefined],
  ])('refuse %s', async (_, query, variables) => {
    const federation = new Federation(subgraphs);
    await expect(federation.run(query, { variables })).rejects.toMatchObject({
      errors: [expect.objectContaining({ message: expect.any(String) })],
    });
    expect(federation.requests).toEqual([]);
  });
});

describe('enums of several subgraphs', () => {
  const users = [
    { id: 'u1', type: 'REGULAR' },
    { id: 'u2', type: 'ANONYMOUS' },
  ];
  const subgraphs: TestSubgraph[] = [
    {
      name: 'a',
      typeDefs:
        'type Query { users: [User] } type User @key(fields: "id") { id: ID type: Type @shareable } enum Type { REGULAR }',
      resolvers: { Query: { users: () => users }, User: { __resolveReference: by(users, 'id') } },
    },
    {
      name: 'b',
      typeDefs:
        'type Query { byType(type: Type!): [User!] inB: [User] } type User @key(fields: "id") { id: ID type: Type @shareable } enum Type { ANONYMOUS @inaccessible REGULAR }',
      resolvers: {
        Query: {
          byType: (_: unknown, { type }: { type: string }) => users.filter((user) => user.type === type),
          inB: () => users,
        },
        User: { __resolveReference: by(users, 'id') },
      },
    },
  ];
  answers(subgraphs, [
    ['{ users { id } }', { users: [{ id: 'u1' }, { id: 'u2' }] }],
    [
      '{ users { id type } }',
      {
        users: [
          { id: 'u1', type: 'REGULAR' },
          { id: 'u2', type: null },
        ],
      },
      { errors: ['users.1.type'] },
    ],
    [
      '{ inB { id type } }',
      {
        inB: [
          { id: 'u1', type: 'REGULAR' },
          { id: 'u2', type: null },
        ],
      },
    ],
    [
      'query($type: Type!) { byType(type: $type) { id type } }',
      { byType: [{ id: 'u1', type: 'REGULAR' }] },
      { variables: { type: 'REGULAR' } },
    ],
  ]);

  it('do not take what is inaccessible, literally or by variable', async () => {
    const refused = { errors: [expect.objectContaining({ message: expect.any(String) })] };
    await expect(new Federation(subgraphs).run('{ byType(type: ANONYMOUS) { id } }')).rejects.toMatchObject(refused);
    const variables = { type: 'ANONYMOUS' };
    await expect(
      new Federation(subgraphs).run('query($type: Type!) { byType(type: $type) { id } }', { variables }),
    ).rejects.toMatchObject(refused);
  });
});

describe('unions that differ between subgraphs', () => {
  const book = { __typename: 'Book', id: 'b1', title: 'Book' };
  const song = { __typename: 'Song', title: 'Song' };
  const movie = { __typename: 'Movie', title: 'Movie' };
  answers(
    [
      {
        name: 'a',
        typeDefs: `
          type Query { media: Media @shareable book: Media viewer: Viewer @shareable }
          union Media = Book | Song
          union SongOrBook = Book | Song
          type Viewer { media: [SongOrBook] }
          type Book @key(fields: "id") { id: ID! title: String! @shareable }
          type Song { title: String! }`,
        resolvers: {
          Query: { media: () => book, book: () => book, viewer: () => ({ media: [book, song] }) },
          Book: { __resolveReference: () => book },
        },
      },
      {
        name: 'b',
        typeDefs: `
          type Query { media: Media @shareable movie: Media viewer: Viewer @shareable }
          union Media = Book | Movie
          type Viewer { rented: [Media!]! }
          type Book @key(fields: "id") { id: ID! title: String! @shareable pages: Int }
          type Movie { title: String! }`,
        resolvers: {
          Query: { media: () => book, movie: () => movie, viewer: () => ({ rented: [movie, book] }) },
          Book: { pages: () => 99 },
        },
      },
    ],
    [
      [
        '{ media { __typename ... on Book { title pages } ... on Song { title } ... on Movie { title } } }',
        { media: { __typename: 'Book', title: 'Book', pages: 99 } },
      ],
      [
        '{ book { ... on Movie { title } } movie { ... on Movie { title } ... on Song { title } } }',
        { book: {}, movie: { title: 'Movie' } },
      ],
      [
        '{ viewer { media { __typename ... on Song { title } ... on Book { pages } } rented { ... on Movie { title } ... on Book { id } } } }',
        {
          viewer: {
            media: [
              { __typename: 'Book', pages: 99 },
              { __typename: 'Song', title: 'Song' },
            ],
            rented: [{ title: 'Movie' }, { id: 'b1' }],
          },
        },
      ],
    ],
  );
});
