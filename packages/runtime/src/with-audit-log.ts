import { audit } from '@platform/audit';
import type { ProcessConfig } from '@platform/foundation/config';
import { withConnection } from '@platform/postgres/connection';
import { allTenantsRole, ownerRole, runtimeUrl } from '@platform/postgres/database';
import type pg from 'pg';
import { withDatabase } from './with-database.js';

type Work<T> = (client: pg.Client, logId: string) => Promise<T>;

/** Gives `work` a connection to the audit log, as the role that may read all of it and add to it, and the log's id. */
export const withAuditLog = <T>(config: ProcessConfig, work: Work<T>): Promise<T> =>
  withDatabase(config, (url) =>
    connected(runtimeUrl(url, config.database, audit.name), ` -c role=${allTenantsRole(audit.name)}`, work),
  );

/** The same as the role that owns the tables, for retention. */
export const withAuditLogOwner = <T>(config: ProcessConfig, work: Work<T>): Promise<T> =>
  withDatabase(config, (url) => connected(url, ` -c role=${ownerRole(audit.name)}`, work));

function connected<T>(url: string, settings: string, work: Work<T>): Promise<T> {
  const options = `-c search_path=${audit.name}${settings}`;
  return withConnection({ connectionString: url, application_name: 'platform audit', options }, async (client) => {
    const { rows } = await client.query<{ id: string }>('SELECT id FROM log_identity');
    return work(client, rows[0]?.id ?? '');
  });
}
