import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { OperatorError } from '@platform/foundation/errors';
import type pg from 'pg';
import pgCopyStreams from 'pg-copy-streams';
import { ownConnection } from '../connection/index.js';
import { ownerRole } from '../database/index.js';
import { quoted } from './database-snapshot.js';
import { bindOwner, releaseOwner } from './owner-policies.js';
import { resumeEvents } from './resume-events.js';
import { describeSchema, type SavedSchema, type SavedTable } from './saved-schema.js';
import { switchOffTriggers, switchOnTriggers, type Trigger } from './triggers.js';
import { addUnvalidated, dropUnvalidated, type UnvalidatedConstraint } from './unvalidated.js';

/** A table of the backup that the migrations did not make as it was. */
export class UnfittingTable extends OperatorError {
  constructor(table: string, what: string) {
    super(`${table} of the backup does not fit the migrations: ${what}`);
  }
}

type LoadRows = (schema: string, table: SavedTable, rows: AsyncIterable<Buffer>) => Promise<void>;

/**
 * Puts saved rows into schemas that are migrated as far as the saved ones were: all of them, or none. Tables, guards, owners and rights are those
 * that the migrations made; what migrations put into tables gives way to what was saved. The guards are off inside this transaction alone.
 * @param work gets each table's rows to where they belong, in the order in which they were saved.
 */
export async function loadSchemas(
  url: string,
  schemas: readonly SavedSchema[],
  work: (load: LoadRows) => Promise<void>,
): Promise<void> {
  const client = await ownConnection({ connectionString: url, application_name: 'platform restore' });
  const actAs = (schema: string) => client.query(`SET LOCAL ROLE ${ownerRole(schema)}`);
  try {
    await client.query('BEGIN');
    await client.query('SET LOCAL statement_timeout = 0');
    const forced = new Map<string, readonly string[]>();
    const triggers = new Map<string, readonly Trigger[]>();
    const unvalidated = new Map<string, readonly UnvalidatedConstraint[]>();
    for (const schema of schemas) {
      await actAs(schema.name);
      await makePartitions(client, schema);
      triggers.set(schema.name, await switchOffTriggers(client, schema.name));
      forced.set(schema.name, await releaseOwner(client, schema.name));
      unvalidated.set(schema.name, await dropUnvalidated(client, schema.name));
      if (schema.tables.length > 0) {
        await client.query(`TRUNCATE ${schema.tables.map(({ name }) => `${schema.name}."${name}"`).join(', ')}`);
      }
    }
    await work(async (schema, { name, columns }, rows) => {
      await actAs(schema);
      const copy = client.query(pgCopyStreams.from(`COPY ${schema}."${name}" (${quoted(columns)}) FROM STDIN`));
      await pipeline(Readable.from(rows, { objectMode: false }), copy);
    });
    for (const { name, sequences } of schemas) {
      await actAs(name);
      for (const [sequence, last] of Object.entries(sequences)) {
        await client.query('SELECT setval($1, $2)', [`${name}."${sequence}"`, last]);
      }
      await resumeEvents(client, name);
      await addUnvalidated(client, unvalidated.get(name) ?? []);
      await switchOnTriggers(client, triggers.get(name) ?? []);
      await bindOwner(client, forced.get(name) ?? []);
    }
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}

const MONTH = /_(\d{4})_(\d{2})$/;

/** A schema whose rows lie by month has a function that makes a month's partition, with all its guards. */
async function makePartitions(client: pg.Client, { name, tables }: SavedSchema): Promise<void> {
  const present = new Map((await describeSchema(client, name)).tables.map((table) => [table.name, table]));
  for (const table of tables) {
    const made = present.get(table.name);
    if (!made) throw new UnfittingTable(`${name}.${table.name}`, 'there is no such table');
    for (const partition of table.partitions.filter((each) => !made.partitions.includes(each))) {
      const [, year, month] = MONTH.exec(partition) ?? [];
      if (!year) throw new UnfittingTable(`${name}.${partition}`, 'it is no partition of a month');
      await client.query(`SELECT ${name}.make_partition($1)`, [`${year}-${month}-01`]);
    }
  }
}
