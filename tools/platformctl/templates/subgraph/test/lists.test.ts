import { DatabaseMetrics } from '@platform/postgres/database';
import { shop } from '@platform/shop';
import { useSubgraph } from '@platform/testkit';
import { PRODUCTS } from './operations.js';
import { guest, productOf, user } from './people.js';

const OWNERS = '{ products(first: 50) { nodes { id owner { id products(first: 2) { nodes { id } totalCount } } } } }';
const ENTITIES = `query ($of: [_Any!]!) {
  _entities(representations: $of) { ... on Product { id name } ... on User { products { totalCount } } }
}`;

describe('products', () => {
  const harness = useSubgraph(shop, { set: ['events.relay=false'] }); // its statements would be counted
  const ids: string[] = [];
  const owner = () => owners[0] as ReturnType<typeof user>;
  const owners: ReturnType<typeof user>[] = [];

  beforeAll(async () => {
    for (let number = 0; number < 12; number += 1) {
      harness.clock.advance(1);
      if (number % 4 === 0) owners.push(user(harness));
      ids.unshift((await productOf(owners.at(-1) as ReturnType<typeof user>, { name: `Number ${number}` })).id);
    }
  });

  const statements = async (): Promise<number> => {
    const { values } = await harness.metrics.of(DatabaseMetrics).databaseQueryDuration.get();
    return values.filter(({ metricName }) => metricName?.endsWith('_count')).reduce((sum, { value }) => sum + value, 0);
  };
  const statementsOf = async (work: () => Promise<unknown>): Promise<number> => {
    const before = await statements();
    await work();
    return (await statements()) - before;
  };

  it('are listed newest first, page by page', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { products } = await guest(harness).data(PRODUCTS, { first: 5, after });
      seen.push(...products.nodes.map(({ id }: { id: string }) => id));
      expect(products.totalCount).toBe(12);
      after = products.pageInfo.hasNextPage ? products.pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen).toEqual(ids);
  });

  it('are narrowed to one owner', async () => {
    const { products } = await guest(harness).data(PRODUCTS, { filter: { ownerId: owner().caller.userId } });
    expect(products.nodes.map(({ id }: { id: string }) => id)).toEqual(ids.slice(8));
    expect((await guest(harness).data(PRODUCTS, { filter: { ownerId: 'no id' } })).products.nodes).toEqual([]);
  });

  it('and their owners cost as many statements in a list of any size', async () => {
    const few = await statementsOf(() => guest(harness).data(OWNERS.replace('50', '2')));
    const many = await statementsOf(() => guest(harness).data(OWNERS));
    expect(few).toBeGreaterThan(0);
    expect(many).toBe(few);
  });

  it('cost as many statements however many are referred to', async () => {
    const of = [
      ...ids.map((id) => ({ __typename: 'Product', id })),
      ...owners.map(({ caller }) => ({ __typename: 'User', id: caller.userId })),
    ];
    const few = await statementsOf(() => guest(harness).data(ENTITIES, { of: [of[0], of.at(-1)] }));
    const many = await statementsOf(async () => {
      const { _entities } = await guest(harness).data(ENTITIES, { of });
      expect(_entities).not.toContain(null);
    });
    expect(many).toBe(few);
  });
});
