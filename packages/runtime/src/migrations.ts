import type { ProcessConfig } from '@platform/foundation/config';
import type { Logger } from '@platform/foundation/logging';
import { withConnection } from '@platform/postgres/connection';
import { migrate, migrationNames } from '@platform/postgres/database';
import { recordOperator } from './operator.js';
import { orderedDefinitions } from './subgraphs.js';

/** What a migration of every schema works on. */
export const migrationOptions = (url: string, config: ProcessConfig, logger: Logger) => ({
  url,
  roleSecret: config.database.roleSecret,
  startTimeout: config.database.startTimeout,
  schemas: orderedDefinitions().map(({ name, entities }) => ({ schema: name, entities })),
  logger,
});

/** Brings every schema up to date. Answers the names of the migrations that ran. */
export const migrateAll = (url: string, config: ProcessConfig, logger: Logger): Promise<string[]> =>
  migrate(migrationOptions(url, config, logger));

/** The same at the terminal: what ran is in the audit log, with the operator. */
export async function migrateByHand(url: string, config: ProcessConfig, logger: Logger): Promise<string[]> {
  const ran = await migrateAll(url, config, logger);
  if (ran.length > 0) {
    const action = { action: 'platform.schema.migrated', resource: 'schema', resourceId: null };
    await recordOperator(config, { ...action, metadata: { migrations: ran } });
  }
  return ran;
}

/** Whether every migration of these schemas has run, as this version has them. */
export const isMigrated = (databaseUrl: string, schemas: readonly { readonly name: string }[]): Promise<boolean> =>
  withConnection({ connectionString: databaseUrl }, async (client) => {
    for (const { name } of schemas) {
      const { rows: tables } = await client.query('SELECT FROM pg_tables WHERE schemaname = $1 AND tablename = $2', [
        name,
        'migrations',
      ]);
      if (tables.length === 0) return false;
      const { rows } = await client.query(`SELECT name FROM ${client.escapeIdentifier(name)}.migrations`);
      const ran = new Set(rows.map((row) => row.name));
      if (migrationNames(name).some((known) => !ran.has(known))) return false;
    }
    return true;
  });
