import { randomBytes } from 'node:crypto';
import { withConnection } from '@platform/postgres/connection';
import type pg from 'pg';
import { service } from './environment.js';

/** A database that one test file has to itself. */
export interface TestDatabase {
  /** Signs in as a superuser. */
  readonly url: string;
  /** Ends the connections that are left. */
  drop(): Promise<void>;
}

/** A fresh copy of the migrated template, in some tens of milliseconds; `template: 'template0'` gives an empty one. */
export async function createTestDatabase({ template = required('databaseTemplate') } = {}): Promise<TestDatabase> {
  const name = `${required('databaseTemplate')}_${randomBytes(4).toString('hex')}`;
  await asAdministrator((client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY`));
  const drop = async (): Promise<void> => {
    await asAdministrator((client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  };
  return { url: onServer(required('databaseUrl'), name), drop };
}

/** One connection to the test server's own database, closed after the work. */
export const asAdministrator = <T>(work: (client: pg.Client) => Promise<T>): Promise<T> =>
  withConnection({ connectionString: required('databaseUrl') }, work);

/** The same server and login, another database. */
export function onServer(url: string, database: string): string {
  const target = new URL(url);
  target.pathname = `/${database}`;
  return target.href;
}

function required(name: Parameters<typeof service>[0]): string {
  const value = service(name);
  if (!value) throw new Error(`The test services are not running (${name}): run the tests with Jest’s global setup`);
  return value;
}
