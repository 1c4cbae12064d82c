import { join } from 'node:path';
import { type KernelConfig, projectRoot } from '@platform/kernel/config';
import { migrate } from '@platform/kernel/database';
import type { Logger } from '@platform/kernel/logging';
import { orderedDefinitions } from './subgraphs.js';

/** What a migration of every schema works on. */
export const migrationOptions = (url: string, config: KernelConfig, logger: Logger) => ({
  url,
  roleSecret: config.database.roleSecret,
  startTimeout: config.database.startTimeout,
  directory: join(projectRoot(), 'migrations'),
  schemas: orderedDefinitions().map(({ name, entities }) => ({ schema: name, entities })),
  logger,
});

/** Brings every schema up to date. Answers the names of the migrations that ran. */
export const migrateAll = (url: string, config: KernelConfig, logger: Logger): Promise<string[]> =>
  migrate(migrationOptions(url, config, logger));
