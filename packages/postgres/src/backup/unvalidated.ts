import type pg from 'pg';

/** A rule that rows from before it need not keep. */
export interface UnvalidatedConstraint {
  readonly table: string;
  readonly name: string;
  /** As SQL, with its NOT VALID. */
  readonly definition: string;
}

const UNVALIDATED = `
  SELECT o.conrelid::regclass::text AS table, quote_ident(o.conname) AS name, pg_get_constraintdef(o.oid) AS definition
  FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid
  WHERE c.relnamespace = to_regnamespace($1) AND o.contype IN ('c', 'f') AND NOT o.convalidated AND o.coninhcount = 0 AND o.conparentid = 0
  ORDER BY c.relname, o.conname`;

/** COPY holds every row against them, also those that an upgrade let pass: takes them away, and answers which they were. */
export async function dropUnvalidated(client: pg.Client, schema: string): Promise<readonly UnvalidatedConstraint[]> {
  const { rows } = await client.query<UnvalidatedConstraint>(UNVALIDATED, [schema]);
  for (const { table, name } of rows) await client.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`);
  return rows;
}

/** Brings them back as they were: for rows to come. */
export async function addUnvalidated(client: pg.Client, constraints: readonly UnvalidatedConstraint[]): Promise<void> {
  for (const { table, name, definition } of constraints) {
    await client.query(`ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition}`);
  }
}
