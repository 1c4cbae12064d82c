import { describe, expect, it } from '@jest/globals';
import { LosslessNumber } from '@platform/foundation/json';
import { CACHING, CachedFederation, partition } from './cached-federation.js';

/** One double stands for both. */
const near = ['9007199254740992', '9007199254740993'] as const;
const exact = (text: string) => new LosslessNumber(text);
const ada = { partition: partition('ada') };

const open = () =>
  new CachedFederation([
    {
      name: 'accounts',
      typeDefs: `${CACHING}
        scalar Long scalar JSON
        type Query { account(id: Long!): Account total(of: JSON): JSON @cacheControl(maxAge: 60) }
        type Account @key(fields: "id") { id: Long! }`,
      resolvers: {
        Query: { account: (_, { id }) => ({ id }), total: (_, { of }) => ({ of, sum: [exact('1.50'), of] }) },
      },
    },
    {
      name: 'balances',
      typeDefs: `${CACHING}
        scalar Long
        type Account @key(fields: "id") { id: Long! balance: Long! @cacheControl(maxAge: 60) owner: String! @cacheControl(maxAge: 60) }`,
      resolvers: {
        Account: {
          __resolveReference: ({ id }) => ({ id, balance: id, owner: `owner of ${id}` }),
        },
      },
    },
  ]);

describe('kept answers with numbers that a double would change', () => {
  it('are of the entity with exactly this key, and say exactly its values', async () => {
    const federation = open();
    const account = (id: string) =>
      federation.run('query ($id: Long!) { account(id: $id) { id balance owner } }', {
        ...ada,
        variables: { id: exact(id) },
      });
    const fresh = await Promise.all(near.map(account));
    const kept = await Promise.all(near.map(account));
    expect(JSON.stringify(kept)).toBe(JSON.stringify(fresh));
    expect(kept.map((result) => JSON.stringify(result))).toEqual(
      near.map((id) => `{"data":{"account":{"id":${id},"balance":${id},"owner":"owner of ${id}"}}}`),
    );
    expect(federation.asked).toEqual({ accounts: 4, balances: 2 });
  });

  it('are of the root field with exactly these arguments, whether literal or variable', async () => {
    const federation = open();
    const totals = near.flatMap((of) => [
      () => federation.run(`{ total(of: ${of}) }`, ada),
      () => federation.run('query ($of: JSON) { total(of: $of) }', { ...ada, variables: { of: exact(of) } }),
    ]);
    for (const round of ['fresh', 'kept']) {
      for (const [index, total] of totals.entries()) {
        const of = near[index < 2 ? 0 : 1];
        expect([round, JSON.stringify(await total())]).toEqual([
          round,
          `{"data":{"total":{"of":${of},"sum":[1.50,${of}]}}}`,
        ]);
      }
    }
    expect(federation.asked).toEqual({ accounts: 4 });
  });
});
