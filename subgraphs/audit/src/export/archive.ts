import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Hash, linesOf, TILE_WIDTH } from '@platform/transparency-log';
import type pg from 'pg';
import { append, ownEntry, queriesOf } from '../services/index.js';
import { entriesIn, RunWindow, recomputedHash, TileWindow } from '../verification/index.js';

/** A month that is over, and that checkpoints and full tiles cover. */
export interface ArchivableMonth {
  readonly partition: string;
  readonly from: number;
  readonly to: number;
}

/** A month that was put into the archive, and where it lies. */
export interface ArchivedMonth extends ArchivableMonth {
  readonly file: string;
}

/** What was written is not what is signed: the month stays where it is. */
export class ArchiveIncomplete extends Error {
  override readonly name = 'ArchiveIncomplete';
}

/** The months that end before the time, oldest first, up to the first that must still stay. */
export async function archivableMonths(client: pg.Client, before: Date): Promise<ArchivableMonth[]> {
  const { rows } = await client.query<{ partition: string }>(
    `SELECT inhrelid::regclass::text AS partition FROM pg_inherits WHERE inhparent = 'audit_entry'::regclass ORDER BY 1`,
  );
  const { rows: tiles } = await client.query<{ full: string }>(
    `SELECT least((SELECT max(tree_size) FROM checkpoint), ${TILE_WIDTH} * (SELECT max(index) + 1 FROM tile WHERE level = 0)) AS full`,
  );
  const covered = Number(tiles[0]?.full ?? 0);
  const months: ArchivableMonth[] = [];
  for (const { partition } of rows) {
    const [, year, month] = /_(\d{4})_(\d{2})$/.exec(partition) ?? [];
    if (Date.UTC(Number(year), Number(month), 1) > before.getTime()) break;
    const { rows: bounds } = await client.query<{ from: string | null; to: string }>(
      `SELECT min(sequence) AS from, max(sequence) + 1 AS to FROM ${partition}`,
    );
    const [bound] = bounds;
    if (!bound || bound.from === null) continue;
    if (Number(bound.to) > covered) break;
    months.push({ partition, from: Number(bound.from), to: Number(bound.to) });
  }
  return months;
}

/**
 * Puts a month into a file of the folder, reads it back against the signed tree, and only then takes its partition out of the database.
 * The log keeps the hashes, and tells who did it. The client may act as the owner of the schema. @throws ArchiveIncomplete
 */
export async function archiveMonth(
  client: pg.Client,
  month: ArchivableMonth,
  { folder, operator, tenantId }: { folder: string; operator: string; tenantId: string },
): Promise<ArchivedMonth> {
  const { partition, from, to } = month;
  const file = join(folder, `${partition}.jsonl`);
  await mkdir(folder, { recursive: true });
  await client.query('BEGIN');
  try {
    await pipeline(
      Readable.from(writtenMonth(client, month)),
      createWriteStream(file, { flags: 'wx', mode: 0o600, flush: true }),
    );
    await checkAgainstTree(client, file, month);
    const metadata = { partition, from: String(from), to: String(to), operator };
    await append(queriesOf(client), [
      { ...ownEntry('platform.audit.archived'), tenantId, resourceId: partition, metadata },
    ]);
    await client.query(`ALTER TABLE audit_entry DETACH PARTITION ${partition}`);
    await client.query(`DROP TABLE ${partition}`);
    await client.query('COMMIT');
    return { ...month, file };
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

async function* writtenMonth(client: pg.Client, { from, to }: ArchivableMonth): AsyncGenerator<string> {
  for await (const batch of entriesIn(client, { where: `entry.sequence >= ${from} AND entry.sequence < ${to}` })) {
    for (const entry of batch) yield `${JSON.stringify(entry)}\n`;
  }
}

async function checkAgainstTree(client: pg.Client, file: string, { from, to }: ArchivableMonth): Promise<void> {
  const written = new RunWindow(runsIn(file));
  const tiles = new TileWindow(client);
  for (let first = from; first < to; first += STRETCH) {
    const end = Math.min(first + STRETCH, to);
    for (const window of [written, tiles]) await window.load(first, end);
    for (let sequence = first; sequence < end; sequence += 1) {
      const hash = written.at(sequence);
      if (!hash || !tiles.at(sequence)?.equals(hash))
        throw new ArchiveIncomplete(`Entry ${sequence} is not the one that was signed`);
    }
  }
}

const STRETCH = 5_000;

/** The hashes of what the files of an archive say, in ascending runs. */
export async function* archivedRuns(folder: string): AsyncGenerator<{ from: number; leaves: Hash[] }> {
  if (!existsSync(folder)) return;
  for (const name of (await readdir(folder)).filter((each) => each.endsWith('.jsonl')).sort()) {
    yield* runsIn(join(folder, name));
  }
}

async function* runsIn(file: string): AsyncGenerator<{ from: number; leaves: Hash[] }> {
  for await (const text of linesOf(file)) {
    const entry = JSON.parse(text);
    yield { from: Number(entry.sequence), leaves: [recomputedHash(entry)] };
  }
}
