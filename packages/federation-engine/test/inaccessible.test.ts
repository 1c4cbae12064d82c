import { describe, expect, it } from '@jest/globals';
import { errorsOf, Federation } from './federation.js';

const federation = () =>
  new Federation([
    {
      name: 'a',
      typeDefs: `
        type Query { users: [User] strict: [Kind!] byKind(kind: Kind!): [User] hidden: String @inaccessible }
        type User @key(fields: "id") { id: ID! kind: Kind code: String @inaccessible }
        enum Kind { REGULAR SECRET @inaccessible }`,
      resolvers: {
        Query: {
          users: () => [
            { id: '1', kind: 'REGULAR', code: 'x' },
            { id: '2', kind: 'SECRET', code: 'y' },
          ],
          strict: () => ['REGULAR', 'SECRET'],
          byKind: (_, { kind }) => [{ id: '1', kind }],
        },
      },
    },
    {
      name: 'b',
      typeDefs: `type User @key(fields: "id") { id: ID! code: String @external badge: String @requires(fields: "code") }`,
      resolvers: { User: { badge: ({ code }) => `badge ${code}` } },
    },
  ]);

describe('@inaccessible', () => {
  it('hides enum values: null where one stands, an error only where null may not', async () => {
    expect(await federation().run('{ users { id kind } }')).toEqual({
      data: {
        users: [
          { id: '1', kind: 'REGULAR' },
          { id: '2', kind: null },
        ],
      },
    });
    const result = await federation().run('{ strict }');
    expect(result.data).toEqual({ strict: null });
    expect(errorsOf(result)).toEqual([{ code: 'SUBGRAPH_INVALID_RESPONSE', path: 'strict.1' }]);
  });

  it.each(['{ hidden }', '{ users { code } }', '{ byKind(kind: SECRET) { id } }'])('refuses %s', async (query) => {
    await expect(federation().run(query)).rejects.toMatchObject({ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });
  });

  it('does not keep subgraphs from requiring what clients may not see', async () => {
    expect(await federation().run('{ users { badge } }')).toEqual({
      data: { users: [{ badge: 'badge x' }, { badge: 'badge y' }] },
    });
  });
});
