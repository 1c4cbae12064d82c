import { describe, expect, it } from '@jest/globals';
import { Federation } from './federation.js';

const merged = () =>
  new Federation([
    {
      name: 'a',
      typeDefs: `
        type Query { find(by: Filter): [Found!] mood: Mood! level(of: Level!): String }
        input Filter { text: String limit: Int = 2 level: Level }
        enum Mood { GOOD BAD }
        enum Level { LOW HIGH EXTREME }
        union Found = Post | User
        type Post @key(fields: "id") { id: ID! title: String @shareable }
        type User @key(fields: "id") { id: ID! name: String }`,
      resolvers: {
        Query: {
          find: (_, { by }) =>
            [
              { __typename: 'Post', id: '1', title: by.text },
              { __typename: 'User', id: '2', name: by.level },
            ].slice(0, by.limit),
          mood: () => 'GOOD',
          level: (_, { of }) => of,
        },
      },
    },
    {
      name: 'b',
      typeDefs: `
        type Query { mine(by: Filter): [Found] moody: Mood grade(of: Level!): String }
        input Filter { text: String limit: Int = 2 tag: String level: Level }
        enum Mood { GOOD BAD UGLY }
        enum Level { LOW HIGH }
        union Found = Post | Page
        type Post @key(fields: "id") { id: ID! title: String @shareable likes: Int }
        type Page { slug: String }`,
      resolvers: {
        Query: {
          mine: () => [{ __typename: 'Page', slug: 's' }, { __typename: 'Post', id: '3', title: 'own' }, null],
          moody: () => 'UGLY',
          grade: (_, { of }) => of,
        },
        Post: { likes: ({ id }) => Number(id) },
      },
    },
  ]);

const found = '__typename ... on Post { title likes } ... on User { name } ... on Page { slug }';

describe('types that subgraphs share', () => {
  it('unions have the members of all', async () => {
    expect(await merged().run(`{ find(by: { text: "t", level: LOW }) { ${found} } mine { ${found} } }`)).toEqual({
      data: {
        find: [
          { __typename: 'Post', title: 't', likes: 1 },
          { __typename: 'User', name: 'LOW' },
        ],
        mine: [{ __typename: 'Page', slug: 's' }, { __typename: 'Post', title: 'own', likes: 3 }, null],
      },
    });
  });

  it('inputs have the fields that all of them know, with their defaults', async () => {
    const { data } = await merged().run('query($by: Filter) { find(by: $by) { __typename } }', {
      variables: { by: { text: 't' } },
    });
    expect(data).toEqual({ find: [{ __typename: 'Post' }, { __typename: 'User' }] });
    await expect(merged().run('{ mine(by: { tag: "x" }) { __typename } }')).rejects.toMatchObject({
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    });
  });

  it('enums that are answered have every value, those that are asked with only the common ones', async () => {
    expect(await merged().run('{ mood moody grade(of: HIGH) }')).toEqual({
      data: { mood: 'GOOD', moody: 'UGLY', grade: 'HIGH' },
    });
    await expect(merged().run('{ level(of: EXTREME) }')).rejects.toMatchObject({
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    });
  });
});
