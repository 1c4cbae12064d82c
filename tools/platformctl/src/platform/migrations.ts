import { join } from 'node:path';
import { type KernelConfig, projectRoot } from '@platform/kernel/config';
import { migrate } from '@platform/kernel/database';
import type { Logger } from '@platform/kernel/logging';
import { recordOperator } from './operator.js';
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

/** The same at the terminal: what ran is in the audit log, with the operator. */
export async function migrateByHand(url: string, config: KernelConfig, logger: Logger): Promise<string[]> {
  const ran = await migrateAll(url, config, logger);
  if (ran.length > 0) {
    const action = { action: 'platform.schema.migrated', resource: 'schema', resourceId: null };
    await recordOperator(config, { ...action, metadata: { migrations: ran } });
  }
  return ran;
}
