import type pg from 'pg';

const FORCED = `SELECT oid::regclass::text AS table FROM pg_class
  WHERE relnamespace = to_regnamespace($1) AND relrowsecurity AND relforcerowsecurity`;

/** Lets the owner past the policies of the schema's tables: COPY takes no rows for one whom they bind. Answers which tables they were. */
export async function releaseOwner(client: pg.Client, schema: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ table: string }>(FORCED, [schema]);
  const tables = rows.map(({ table }) => table);
  for (const table of tables) await client.query(`ALTER TABLE ${table} NO FORCE ROW LEVEL SECURITY`);
  return tables;
}

/** Has them bind it again. */
export async function bindOwner(client: pg.Client, tables: readonly string[]): Promise<void> {
  for (const table of tables) await client.query(`ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`);
}
