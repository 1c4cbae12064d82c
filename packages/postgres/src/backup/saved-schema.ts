import type pg from 'pg';

/** A table with the columns that hold data: what is computed from others is left out. */
export interface SavedTable {
  readonly name: string;
  readonly columns: readonly string[];
  /** The names of its partitions; their rows are those of the table. */
  readonly partitions: readonly string[];
}

/** What there is to save of a schema, its tables ordered so that each comes after those that it refers to. */
export interface SavedSchema {
  readonly name: string;
  /** The migrations that had run, by name. */
  readonly migrations: readonly string[];
  readonly tables: readonly SavedTable[];
  /** The last value of each sequence that was used. */
  readonly sequences: Readonly<Record<string, string>>;
}

/** Written by migrations themselves, so never copied. */
export const MIGRATIONS_TABLE = 'migrations';

interface TableRow extends SavedTable {
  readonly references: readonly string[];
}

const TABLES = `
  SELECT c.relname AS name,
    ARRAY(SELECT attname::text FROM pg_attribute
          WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum) AS columns,
    ARRAY(SELECT p.relname::text FROM pg_inherits JOIN pg_class p ON p.oid = inhrelid
          WHERE inhparent = c.oid ORDER BY p.relname) AS partitions,
    ARRAY(SELECT r.relname::text FROM pg_constraint f JOIN pg_class r ON r.oid = f.confrelid
          WHERE f.conrelid = c.oid AND f.contype = 'f' AND f.confrelid <> c.oid) AS references
  FROM pg_class c
  WHERE c.relnamespace = to_regnamespace($1) AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> $2
  ORDER BY c.relname`;

/** Reads what the schema consists of at this moment; empty where there is no such schema. */
export async function describeSchema(client: pg.Client, name: string): Promise<SavedSchema> {
  const { rows: tables } = await client.query<TableRow>(TABLES, [name, MIGRATIONS_TABLE]);
  const { rows: sequences } = await client.query<{ name: string; last: string | null }>(
    'SELECT sequencename AS name, last_value::text AS last FROM pg_sequences WHERE schemaname = $1 AND sequencename <> $2',
    [name, `${MIGRATIONS_TABLE}_id_seq`],
  );
  return {
    name,
    migrations: await migrationsOf(client, name),
    tables: inOrderOfReference(tables),
    sequences: Object.fromEntries(sequences.flatMap((each) => (each.last === null ? [] : [[each.name, each.last]]))),
  };
}

async function migrationsOf(client: pg.Client, schema: string): Promise<string[]> {
  const table = `${schema}.${MIGRATIONS_TABLE}`;
  const { rows: found } = await client.query<{ table: string | null }>('SELECT to_regclass($1) AS table', [table]);
  if (!found[0]?.table) return [];
  const { rows } = await client.query<{ name: string }>(`SELECT name FROM ${table} ORDER BY id`);
  return rows.map(({ name }) => name);
}

function inOrderOfReference(tables: readonly TableRow[]): SavedTable[] {
  const byName = new Map(tables.map((table) => [table.name, table]));
  const ordered = new Map<string, SavedTable>();
  const add = ({ references, ...table }: TableRow): void => {
    if (ordered.has(table.name)) return;
    for (const other of references) {
      const referred = byName.get(other);
      if (referred) add(referred);
    }
    ordered.set(table.name, table);
  };
  for (const table of tables) add(table);
  return [...ordered.values()];
}
