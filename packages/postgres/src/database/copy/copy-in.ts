import { finished } from 'node:stream/promises';
import type pg from 'pg';
import pgCopyStreams from 'pg-copy-streams';
import type { EntityManager } from 'typeorm';
import { binaryRows, type CopiedColumn } from './binary-rows.js';

/** An entity manager in a transaction, or whatever else has a connection of the driver. */
export interface CopyTarget {
  readonly queryRunner?: Pick<NonNullable<EntityManager['queryRunner']>, 'connect'> | undefined;
  readonly dataSource?: Pick<EntityManager['dataSource'], 'logger'>;
}

/** Adds rows to a table for less than an INSERT takes; its triggers see them alike. @throws what the server says of them */
export async function copyIn<Row>(
  tx: CopyTarget,
  table: string,
  columns: readonly CopiedColumn<Row>[],
  rows: readonly Row[],
): Promise<void> {
  const bytes = binaryRows(columns, rows);
  const statement = `COPY ${table} (${columns.map(([name]) => name).join(', ')}) FROM STDIN (FORMAT binary)`;
  const client: pg.ClientBase | undefined = await tx.queryRunner?.connect();
  if (!client) throw new Error('copyIn needs a transaction');
  const started = performance.now();
  const copy = client.query(pgCopyStreams.from(statement));
  copy.end(bytes);
  await finished(copy);
  tx.dataSource?.logger.logQuerySlow(Math.round(performance.now() - started), statement);
}
