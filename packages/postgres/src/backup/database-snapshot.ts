import type { Readable } from 'node:stream';
import { OperatorError } from '@platform/foundation/errors';
import type pg from 'pg';
import pgCopyStreams from 'pg-copy-streams';
import { ownConnection } from '../connection/index.js';
import { ownerRole } from '../database/index.js';
import { describeSchema, MIGRATIONS_TABLE, type SavedSchema, type SavedTable } from './saved-schema.js';

/** A backup would leave out rows, and say nothing of it. */
export class HiddenRows extends OperatorError {
  constructor(tables: readonly string[]) {
    super(`The policies of ${tables.join(', ')} hide rows from their owner: isolate_tenants() makes those that do not`);
  }
}

/** All schemas as they were at one moment. */
export interface DatabaseSnapshot {
  readonly schemas: readonly SavedSchema[];
  /** The table's rows in PostgreSQL's text format of COPY. */
  rows(schema: string, table: SavedTable): Promise<Readable>;
}

/**
 * Gives `work` one snapshot of all schemas, whatever is written meanwhile. Each table is read by its schema's owner role, of which the login is
 * a member, and to which the tables' policies must show every tenant's rows. Tables are locked against being dropped before the snapshot is taken: what is dropped is gone from older snapshots too.
 */
export async function withSnapshot<T>(
  url: string,
  names: readonly string[],
  work: (snapshot: DatabaseSnapshot) => Promise<T>,
): Promise<T> {
  const client = await ownConnection({ connectionString: url, application_name: 'platform backup' });
  const actAs = (schema: string) => client.query(`SET LOCAL ROLE ${ownerRole(schema)}`);
  try {
    const present = await existing(client, names);
    const before = await describeAll(client, present);
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await client.query('SET LOCAL statement_timeout = 0');
    for (const { name, tables } of before) {
      await actAs(name);
      const all = [...tables.map((table) => table.name), MIGRATIONS_TABLE].map((table) => `${name}."${table}"`);
      await client.query(`LOCK TABLE ${all.join(', ')} IN ACCESS SHARE MODE`);
    }
    await client.query('RESET ROLE');
    const schemas: SavedSchema[] = [];
    for (const name of present) {
      await actAs(name);
      await refuseHiddenRows(client, name);
      schemas.push(await describeSchema(client, name));
    }
    return await work({
      schemas,
      async rows(schema, { name, columns }) {
        await actAs(schema);
        return client.query(pgCopyStreams.to(`COPY (SELECT ${quoted(columns)} FROM ${schema}."${name}") TO STDOUT`));
      },
    });
  } finally {
    await client.end();
  }
}

/** Rows that a policy hides would be missing without a word. */
async function refuseHiddenRows(client: pg.Client, schema: string): Promise<void> {
  const { rows } = await client.query<{ table: string }>(HIDDEN, [schema, ownerRole(schema)]);
  if (rows.length > 0) throw new HiddenRows(rows.map(({ table }) => table));
}

/** Tables whose policies do not show the owner everything. */
const HIDDEN = `SELECT c.oid::regclass::text AS table FROM pg_class c
  WHERE relnamespace = to_regnamespace($1) AND relrowsecurity AND NOT EXISTS (
    SELECT FROM pg_policy WHERE polrelid = c.oid AND polpermissive AND pg_get_expr(polqual, polrelid) = 'true' AND polroles @> ARRAY[to_regrole($2)::oid])`;

/** Column names as SQL. */
export const quoted = (columns: readonly string[]): string => columns.map((column) => `"${column}"`).join(', ');

async function existing(client: pg.Client, names: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT name FROM unnest($1::text[]) WITH ORDINALITY AS wanted (name, place) WHERE to_regnamespace(name) IS NOT NULL ORDER BY place',
    [names],
  );
  return rows.map(({ name }) => name);
}

async function describeAll(client: pg.Client, names: readonly string[]): Promise<SavedSchema[]> {
  const schemas: SavedSchema[] = [];
  for (const name of names) {
    await client.query(`SET ROLE ${ownerRole(name)}`);
    schemas.push(await describeSchema(client, name));
  }
  await client.query('RESET ROLE');
  return schemas;
}
