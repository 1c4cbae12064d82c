import { OperatorError } from '@platform/foundation/errors';
import type pg from 'pg';
import { withConnection } from '../connection/index.js';
import { runtimeRole } from '../database/index.js';

/** Something works on the database that is to be replaced. */
export class DatabaseInUse extends OperatorError {
  constructor(roles: readonly string[]) {
    super(`The platform is running: ${roles.join(', ')} are signed in. Stop every process, then restore.`);
  }
}

/** Those of the schemas that are there. */
export const presentSchemas = (url: string, names: readonly string[]): Promise<string[]> =>
  connected(url, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      'SELECT nspname::text AS name FROM pg_namespace WHERE nspname = ANY ($1::text[]) ORDER BY nspname',
      [names],
    );
    return rows.map(({ name }) => name);
  });

/** @throws DatabaseInUse while a subgraph is signed in */
export async function refuseWhileInUse(client: pg.Client, names: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ role: string }>(
    `SELECT DISTINCT usename::text AS role FROM pg_stat_activity
     WHERE datname = current_database() AND usename = ANY ($1::text[]) ORDER BY 1`,
    [names.map(runtimeRole)],
  );
  if (rows.length > 0) throw new DatabaseInUse(rows.map(({ role }) => role));
}

/** Gives `work` a connection for as long as it lasts. */
export const connected = <T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> =>
  withConnection({ connectionString: url, application_name: 'platform restore' }, work);
