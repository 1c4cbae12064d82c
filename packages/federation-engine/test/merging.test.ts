import { QueryPlanner } from '@apollo/query-planner';
import { describe, expect, it, jest } from '@jest/globals';
import { PlanningFailed, UnsupportedPlan } from '@platform/federation-engine';
import { Federation } from './federation.js';

const orders = () =>
  new Federation([
    {
      name: 'a',
      typeDefs: `
        type Query { orders: [Order] }
        type Subscription { placed: Order }
        type Order @key(fields: "id") { id: ID! lines: [[Line]] parcel: Parcel @shareable }
        type Line { sku: String quantity: Int }
        type Parcel { width: Int parts: [Part] @shareable }
        type Part { name: String }`,
      resolvers: {
        Query: {
          orders: () => [
            {
              id: '1',
              lines: [[{ sku: 'x', quantity: 2 }, null], null],
              parcel: { width: 3, parts: [{ name: 'lid' }, null] },
            },
          ],
        },
      },
    },
    {
      name: 'b',
      typeDefs: `
        type Order @key(fields: "id") {
          id: ID! lines: [[Line]] @external parcel: Parcel @shareable
          total: Int @requires(fields: "lines { quantity }")
        }
        type Line { quantity: Int @external }
        type Parcel { height: Int parts: [Part] @shareable }
        type Part { weight: Int }`,
      resolvers: {
        Order: {
          total: ({ lines }) =>
            lines.flat().reduce((sum: number, line: { quantity: number } | null) => sum + (line?.quantity ?? 0), 0),
          parcel: () => ({ height: 4, parts: [{ weight: 1 }, { weight: 2 }] }),
        },
      },
    },
  ]);

describe('merging', () => {
  it('brings nested required lists to the subgraph that needs them, nulls included', async () => {
    const federation = orders();
    expect(await federation.run('{ orders { total } }')).toEqual({ data: { orders: [{ total: 2 }] } });
    expect(federation.requestsTo('b')[0]?.variables?.['representations']).toEqual([
      { __typename: 'Order', id: '1', lines: [[{ quantity: 2 }, null], null] },
    ]);
  });

  it('joins value types that two subgraphs answer in parts, item by item', async () => {
    const { data } = await orders().run('{ orders { parcel { height width parts { name weight } } } }');
    expect(data).toEqual({
      orders: [
        {
          parcel: {
            height: 4,
            width: 3,
            parts: [
              { name: 'lid', weight: 1 },
              { name: null, weight: 2 },
            ],
          },
        },
      ],
    });
  });
});

describe('what cannot be planned', () => {
  it('says so for subscriptions', async () => {
    await expect(orders().run('subscription { placed { id } }')).rejects.toThrow(UnsupportedPlan);
  });

  it('is an error when the planner has nothing for an operation that selects something', async () => {
    const federation = orders();
    federation.engine.planner.plan = async () => ({ kind: 'QueryPlan' });
    await expect(federation.run('{ orders { id } }')).rejects.toThrow(PlanningFailed);
  });

  it('is an error when the planner fails', async () => {
    const federation = orders();
    const planning = jest.spyOn(QueryPlanner.prototype, 'buildQueryPlan').mockImplementation(() => {
      throw new Error('no way');
    });
    await expect(federation.run('{ orders { id } }')).rejects.toMatchObject({
      extensions: { code: 'QUERY_PLANNING_FAILED' },
      originalError: { message: 'no way' },
    });
    planning.mockRestore();
  });
});
