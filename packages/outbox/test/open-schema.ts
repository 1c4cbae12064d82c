import { loadConfig, processSections } from '@platform/foundation/config';
import { createLogger } from '@platform/foundation/logging';
import type { Metrics } from '@platform/foundation/metrics';
import { Database } from '@platform/postgres/database';
import { createTestDatabase, type TestDatabase } from '@platform/testkit';
import pg from 'pg';

export const config = loadConfig(processSections, { environment: 'test' });
export const logger = createLogger({ ...config.logging, level: 'silent' });

interface OpenSchema {
  readonly test: TestDatabase;
  /** As a subgraph has it, for the one tenant that there is. */
  readonly database: Database;
  /** As an operator has it, for the same tenant. */
  readonly admin: pg.Client;
}

/** A subgraph's schema with its tables of events, without the subgraph. */
export async function openSchema(metrics: Metrics): Promise<OpenSchema> {
  const test = await createTestDatabase();
  const { tenantId } = config.platform;
  const database = new Database({
    url: test.url,
    config: config.database,
    schema: 'blog',
    entities: [],
    logger,
    metrics,
    otherwise: { tenantId, across: false },
  });
  await database.start();
  const admin = new pg.Client({
    connectionString: test.url,
    options: `-c search_path=blog -c app.tenant_id=${tenantId}`,
  });
  await admin.connect();
  return { test, database, admin };
}
