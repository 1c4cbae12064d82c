import type pg from 'pg';
import { connected, refuseWhileInUse } from './prepare-target.js';

/**
 * How far a restoring has come, kept in the database so that one that was cut short can be taken back:
 * `moving` files aside or back, `loading` with all schemas and files set aside, `done` once nothing leads back.
 */
export type RestoreState = 'moving' | 'loading' | 'done';

/** A schema without anything in it; its comment is the state. */
const MARKER = 'platform_restore';
const aside = (schema: string): string => `${schema}_before_restore`;

/** Undefined where no restoring is under way, and none was cut short. */
export const restoreState = (url: string): Promise<RestoreState | undefined> =>
  connected(url, async (client) => {
    const { rows } = await client.query<{ state: RestoreState }>(
      `SELECT obj_description(oid, 'pg_namespace') AS state FROM pg_namespace WHERE nspname = $1`,
      [MARKER],
    );
    return rows[0]?.state;
  });

/** Notes that a restoring begins. Nothing is changed by it. @throws DatabaseInUse while a subgraph is signed in */
export const beginRestore = (url: string, names: readonly string[]): Promise<void> =>
  changed(url, names, async (client) => {
    await client.query(`CREATE SCHEMA ${MARKER}`);
    await note(client, 'moving');
  });

/** Sets the schemas aside under other names, with all that is in them. @throws DatabaseInUse */
export const setSchemasAside = (url: string, names: readonly string[]): Promise<void> =>
  changed(url, names, async (client) => {
    await rename(client, names, (name) => [name, aside(name)]);
    await note(client, 'loading');
  });

/** Removes what was loaded, and gives the schemas that were set aside their names back. @throws DatabaseInUse */
export const bringSchemasBack = (url: string, names: readonly string[]): Promise<void> =>
  changed(url, names, async (client) => {
    for (const name of names) await client.query(`DROP SCHEMA IF EXISTS ${name} CASCADE`);
    await rename(client, names, (name) => [aside(name), name]);
    await note(client, 'moving');
  });

/** Removes the schemas that were set aside: from here on nothing leads back. */
export const dropSchemasAside = (url: string, names: readonly string[]): Promise<void> =>
  changed(url, [], async (client) => {
    for (const name of names) await client.query(`DROP SCHEMA IF EXISTS ${aside(name)} CASCADE`);
    await note(client, 'done');
  });

/** Notes that nothing is set aside any more. */
export const endRestore = (url: string): Promise<void> =>
  connected(url, async (client) => void (await client.query(`DROP SCHEMA IF EXISTS ${MARKER}`)));

const note = (client: pg.Client, state: RestoreState) => client.query(`COMMENT ON SCHEMA ${MARKER} IS '${state}'`);

async function rename(client: pg.Client, names: readonly string[], pair: (name: string) => [string, string]) {
  for (const [from, to] of names.map(pair)) {
    const { rows } = await client.query('SELECT FROM pg_namespace WHERE nspname = $1', [from]);
    if (rows.length > 0) await client.query(`ALTER SCHEMA ${from} RENAME TO ${to}`);
  }
}

const changed = (url: string, names: readonly string[], work: (client: pg.Client) => Promise<void>): Promise<void> =>
  connected(url, async (client) => {
    await refuseWhileInUse(client, names);
    await client.query('BEGIN');
    await work(client);
    await client.query('COMMIT');
  });
