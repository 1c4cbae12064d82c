import { inclusionPath } from '@platform/transparency-log';
import type pg from 'pg';
import type { AuditCriteria } from '../entities/index.js';
import { queriesOf, TileTree } from '../services/index.js';
import { entriesIn, TileWindow } from '../verification/index.js';
import { criteriaSql } from './criteria-sql.js';
import { CSV_HEADER, csvLine } from './csv.js';
import { type ReadableEntry, readable } from './readable-entry.js';

/** Entries as CSV, for people: a line of names, then a line an entry. In constant memory. */
export async function* csvLines(client: pg.Client, criteria: AuditCriteria = {}): AsyncGenerator<string> {
  yield CSV_HEADER;
  yield* snapshot(client, async function* () {
    for await (const batch of entriesIn(client, criteriaSql(criteria))) {
      for (const entry of await readable(client, batch)) yield csvLine(entry);
    }
  });
}

/**
 * Entries as JSON Lines, which can be verified without the database. All that the newest checkpoint covers come in their order, with the
 * checkpoints between them; a selection, as what one of several tenants may see is, comes with a proof for each entry. In constant memory.
 */
export async function* jsonLines(client: pg.Client, criteria: AuditCriteria = {}): AsyncGenerator<string> {
  const selection = criteriaSql(criteria);
  yield* snapshot(client, async function* () {
    const complete = selection.parameters.length === 0 && !(await hidesEntries(client));
    const { rows } = await client.query<{ note: string; tree_size: string }>(
      'SELECT note, tree_size FROM checkpoint ORDER BY tree_size DESC LIMIT 1',
    );
    const size = Number(rows[0]?.tree_size ?? 0);
    yield line({ checkpoint: rows[0]?.note ?? null, complete });
    for (const handOver of await handOvers(client)) yield line(handOver);
    const where = `${selection.where} AND entry.sequence < ${size}`;
    const batches = entriesIn(client, { ...selection, where });
    yield* complete ? wholeLog(client, batches) : withProofs(client, batches, size);
  });
}

/** Whether the connection acts for a tenant, and the log has entries of others. */
async function hidesEntries(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ hides: boolean }>('SELECT has_entries_of_others() AS hides');
  return rows[0]?.hides ?? false;
}

type Batches = ReturnType<typeof entriesIn>;

async function* wholeLog(client: pg.Client, batches: Batches): AsyncGenerator<string> {
  const tiles = new TileWindow(client);
  let next = 0;
  for await (const batch of batches) {
    const last = Number(batch.at(-1)?.sequence);
    const notes = await notesBetween(client, next, last + 1);
    await tiles.load(next, last);
    for (const entry of await readable(client, batch)) {
      for (; next < Number(entry.sequence); next += 1) {
        yield line({ sequence: String(next), leafHash: tiles.at(next)?.toString('hex') ?? null });
      }
      yield line(entry);
      next += 1;
      const note = notes.get(next);
      if (note) yield line({ checkpoint: note });
    }
  }
}

async function* withProofs(client: pg.Client, batches: Batches, size: number): AsyncGenerator<string> {
  const tree = new TileTree(queriesOf(client), size);
  for await (const batch of batches) {
    for (const entry of await readable(client, batch)) {
      const proof = await inclusionPath(tree, Number(entry.sequence), size);
      yield line({ ...entry, proof: proof.map((hash) => hash.toString('hex')) } satisfies ReadableEntry & {
        proof: string[];
      });
    }
  }
}

/** How the keys followed each other that signed the checkpoints. */
async function handOvers(client: pg.Client): Promise<{ handOver: string; sequence: string }[]> {
  const { rows } = await client.query(
    'SELECT note AS "handOver", sequence::text FROM key_hand_over ORDER BY key_hand_over.sequence',
  );
  return rows;
}

async function notesBetween(client: pg.Client, from: number, to: number): Promise<ReadonlyMap<number, string>> {
  const { rows } = await client.query<{ note: string; tree_size: string }>(
    'SELECT note, tree_size FROM checkpoint WHERE tree_size > $1 AND tree_size <= $2',
    [from, to],
  );
  return new Map(rows.map(({ note, tree_size }) => [Number(tree_size), note]));
}

/** One state of the database for the whole export. */
async function* snapshot(client: pg.Client, lines: () => AsyncGenerator<string>): AsyncGenerator<string> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    yield* lines();
  } finally {
    await client.query('ROLLBACK');
  }
}

const line = (value: unknown): string => `${JSON.stringify(value)}\n`;
