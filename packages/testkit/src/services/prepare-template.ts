import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig, processSections, projectRoot } from '@platform/foundation/config';
import { createLogger } from '@platform/foundation/logging';
import { migrate } from '@platform/postgres/database';

/** Fills the database that every test database is copied from: every schema, migrated. `url` signs in as a superuser. */
export async function prepareTemplate(url: string): Promise<void> {
  const config = loadConfig(processSections, { environment: 'test' });
  const schemas = readdirSync(join(projectRoot(), 'subgraphs')).map((schema) => ({ schema, entities: [] }));
  await migrate({
    url,
    roleSecret: config.database.roleSecret,
    schemas,
    logger: createLogger(config.logging),
  });
}
