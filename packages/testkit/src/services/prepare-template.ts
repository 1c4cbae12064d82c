import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { kernelSections, loadConfig, projectRoot } from '@platform/kernel/config';
import { migrate } from '@platform/kernel/database';
import { createLogger } from '@platform/kernel/logging';

/** Fills the database that every test database is copied from: every schema, migrated. `url` signs in as a superuser. */
export async function prepareTemplate(url: string): Promise<void> {
  const config = loadConfig(kernelSections, { environment: 'test' });
  const directory = join(projectRoot(), 'migrations');
  const schemas = readdirSync(directory)
    .filter((schema) => schema !== 'every-schema')
    .map((schema) => ({ schema, entities: [] }));
  await migrate({
    url,
    roleSecret: config.database.roleSecret,
    directory,
    schemas,
    logger: createLogger(config.logging),
  });
}
