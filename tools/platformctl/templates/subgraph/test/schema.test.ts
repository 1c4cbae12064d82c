import { createLogger } from '@platform/foundation/logging';
import { schemaDifferences } from '@platform/postgres/database';
import { shop } from '@platform/shop';
import { useSubgraph } from '@platform/testkit';

describe('the database schema', () => {
  const harness = useSubgraph(shop);

  it('is the same in the migrations and in the entities', async () => {
    const differences = await schemaDifferences({
      url: harness.databaseUrl,
      roleSecret: harness.config.database.roleSecret,
      schemas: [{ schema: shop.name, entities: shop.entities }],
      logger: createLogger(harness.config.logging),
    });
    expect(differences).toEqual([]);
  });
});
