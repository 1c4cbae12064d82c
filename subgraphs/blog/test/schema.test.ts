import { join } from 'node:path';
import { blog } from '@platform/blog';
import { projectRoot } from '@platform/foundation/config';
import { createLogger } from '@platform/foundation/logging';
import { schemaDifferences } from '@platform/postgres/database';
import { useSubgraph } from '@platform/testkit';

describe('the database schema', () => {
  const harness = useSubgraph(blog);

  it('is the same in the migrations and in the entities', async () => {
    const differences = await schemaDifferences({
      url: harness.databaseUrl,
      roleSecret: harness.config.database.roleSecret,
      directory: join(projectRoot(), 'migrations'),
      schemas: [{ schema: blog.name, entities: blog.entities }],
      logger: createLogger(harness.config.logging),
    });
    expect(differences).toEqual([]);
  });
});
