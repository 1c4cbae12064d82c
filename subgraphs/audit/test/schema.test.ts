import { join } from 'node:path';
import { audit } from '@platform/audit';
import { projectRoot } from '@platform/foundation/config';
import { createLogger } from '@platform/foundation/logging';
import { schemaDifferences } from '@platform/postgres/database';
import { useSubgraph } from '@platform/testkit';

describe('the database schema', () => {
  const harness = useSubgraph(audit);

  it('is the same in the migrations and in the entities', async () => {
    const differences = await schemaDifferences({
      url: harness.databaseUrl,
      roleSecret: harness.config.database.roleSecret,
      directory: join(projectRoot(), 'migrations'),
      schemas: [{ schema: audit.name, entities: audit.entities }],
      logger: createLogger(harness.config.logging),
    });
    expect(differences).toEqual([]);
  });
});
