import { audit } from '@platform/audit';
import type { KernelConfig } from '@platform/kernel/config';
import { runtimeUrl } from '@platform/kernel/database';
import pg from 'pg';
import { withDatabase } from './with-database.js';

/** Gives `work` a connection to the audit log, as the role that may read it and add to it, and the log's id. */
export const withAuditLog = <T>(
  config: KernelConfig,
  work: (client: pg.Client, logId: string) => Promise<T>,
): Promise<T> =>
  withDatabase(config, async (url) => {
    const client = new pg.Client({
      connectionString: runtimeUrl(url, config.database.roleSecret, audit.name),
      application_name: 'platform audit',
      options: `-c search_path=${audit.name}`,
    });
    await client.connect();
    try {
      const { rows } = await client.query<{ id: string }>('SELECT id FROM log_identity');
      return await work(client, rows[0]?.id ?? '');
    } finally {
      await client.end();
    }
  });
