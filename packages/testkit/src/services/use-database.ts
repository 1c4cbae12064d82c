import { afterAll, beforeAll } from '@jest/globals';
import { ownConnection } from '@platform/postgres/connection';
import type pg from 'pg';
import { createTestDatabase, type TestDatabase } from './test-database.js';

/** A database that the tests of one `describe` share, and a connection to it as a superuser, for what has to be asked of PostgreSQL itself. */
export function useDatabase(): { readonly url: string; readonly client: pg.Client } {
  let database: TestDatabase;
  let client: pg.Client;
  beforeAll(async () => {
    database = await createTestDatabase();
    client = await ownConnection({ connectionString: database.url });
  });
  afterAll(async () => {
    await client?.end();
    await database?.drop();
  });
  return {
    get url() {
      return database.url;
    },
    get client() {
      return client;
    },
  };
}
