import type pg from 'pg';

/** A trigger and when it fires. */
export interface Trigger {
  readonly table: string;
  readonly name: string;
  readonly state: 'A' | 'O' | 'R';
}

/** PostgreSQL's words for the states of pg_trigger.tgenabled. */
const ENABLE = { A: 'ENABLE ALWAYS', O: 'ENABLE', R: 'ENABLE REPLICA' } as const;

const TRIGGERS = `
  SELECT t.tgrelid::regclass::text AS table, t.tgname AS name, t.tgenabled AS state
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
  WHERE c.relnamespace = to_regnamespace($1) AND NOT t.tgisinternal AND t.tgenabled <> 'D' AND t.tgparentid = 0`;

/** Switches the schema's own triggers off, those of foreign keys excepted, and answers which they were. */
export async function switchOffTriggers(client: pg.Client, schema: string): Promise<readonly Trigger[]> {
  const { rows } = await client.query<Trigger>(TRIGGERS, [schema]);
  for (const { table, name } of rows) await client.query(`ALTER TABLE ${table} DISABLE TRIGGER "${name}"`);
  return rows;
}

/** Brings them back as they were. */
export async function switchOnTriggers(client: pg.Client, triggers: readonly Trigger[]): Promise<void> {
  for (const { table, name, state } of triggers) {
    await client.query(`ALTER TABLE ${table} ${ENABLE[state]} TRIGGER "${name}"`);
  }
}
