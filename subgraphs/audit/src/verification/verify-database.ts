import type { Hash, NoteVerifier } from '@platform/transparency-log';
import type pg from 'pg';
import { KEY_ANNOUNCED, keysOf, queriesOf } from '../services/index.js';
import { CheckpointWindow } from './checkpoint-window.js';
import { entriesIn } from './database-entries.js';
import type { Verdict } from './finding.js';
import { checkpointsAt, originOf, storedCheckpoints } from './found-checkpoints.js';
import { firstKnown, type HashWindow, RunWindow, TileWindow } from './hash-windows.js';
import { LogVerifier } from './log-verifier.js';
import { missingProtections } from './protections.js';

/** Checkpoints that were kept outside the database. */
export interface StoredCheckpoints {
  /** How a person knows the place. */
  readonly place: string;
  /** From the first on, each time it is called. Oldest first, each with the leaf hashes that it covers beyond the one before; none where only notes are kept. Hashes without a note belong to the next. */
  read(): AsyncIterable<{ readonly note: string | null; readonly from: number; readonly leaves: readonly Hash[] }>;
}

/** The hashes of entries that left the database for the archive, in ascending runs. */
export type ArchivedRuns = () => AsyncIterable<{ readonly from: number; readonly leaves: readonly Hash[] }>;

/**
 * Recomputes the whole log of a database, in one snapshot of it: every entry, every checkpoint, and what is kept outside.
 * The client's search path is the log's schema; reading is all that it must be able to. Whoever trusts one key of the log trusts those that
 * it has announced.
 */
export async function verifyDatabase(
  client: pg.Client,
  trusted: readonly [NoteVerifier, ...NoteVerifier[]],
  kept: readonly StoredCheckpoints[] = [],
  archived: ArchivedRuns = async function* () {},
): Promise<Verdict> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    const keys = await keysOf(queriesOf(client), ...trusted);
    const origin = await originOf(client, keys);
    const reading = { origin, keys, onMistake: (message: string) => log.found(null, message) };
    const elsewhere = await checkpointsAt(kept, reading);
    const log: LogVerifier = new LogVerifier(new CheckpointWindow([storedCheckpoints(client, reading), ...elsewhere]));
    for (const message of await missingProtections(client)) log.found(null, message);
    for (const sequence of await unannouncedHandOvers(client)) log.found(sequence, unannounced(sequence));

    const tiles = new TileWindow(client);
    const outside = kept.map((each) => new RunWindow(each.read()));
    await readEntries(client, log, { tiles, outside, archive: new RunWindow(archived()) });
    return await log.end();
  } finally {
    await client.query('ROLLBACK');
  }
}

/** Hand-overs of keys that are not in the log where they say, of the entries that are not in the archive. */
async function unannouncedHandOvers(client: pg.Client): Promise<number[]> {
  const { rows } = await client.query<{ sequence: string }>(
    `SELECT sequence FROM key_hand_over AS stated WHERE sequence >= (SELECT min(sequence) FROM audit_entry) AND NOT EXISTS (
       SELECT FROM audit_entry AS entry WHERE entry.sequence = stated.sequence AND entry.action = $1 AND entry.metadata ->> 'note' = stated.note
     ) ORDER BY sequence`,
    [KEY_ANNOUNCED],
  );
  return rows.map(({ sequence }) => Number(sequence));
}

/** What is said of such a hand-over. */
export const unannounced = (sequence: number): string =>
  `entry ${sequence} does not announce the key that is said to follow there`;

/** Where hashes of entries are known from. */
interface Windows {
  readonly tiles: HashWindow;
  readonly outside: readonly HashWindow[];
  readonly archive: HashWindow;
}

async function readEntries(client: pg.Client, log: LogVerifier, windows: Windows): Promise<void> {
  const { tiles, outside } = windows;
  for await (const batch of entriesIn(client)) {
    const first = Number(batch[0]?.sequence);
    if (first > log.next) await passArchived(log, first, windows);
    const last = Number(batch.at(-1)?.sequence);
    await log.load(last + 1);
    for (const window of [tiles, ...outside]) await window.load(log.next, last);
    for (const entry of batch) {
      const sequence = Number(entry.sequence);
      if (sequence > log.next) log.missing(sequence, (each) => firstKnown([...outside, tiles], each));
      log.entry(entry, { tree: tiles.at(sequence), kept: firstKnown(outside, sequence) });
    }
  }
  for (let to = await log.promised(), from = log.next; to > from; to = await log.promised()) {
    await passArchived(log, to, windows);
    if (log.next === from) return;
    from = log.next;
  }
}

/** Goes on with entries of the archive, which has the oldest ones, until before `to`. */
async function passArchived(log: LogVerifier, to: number, { tiles, outside, archive }: Windows): Promise<void> {
  for (let from = log.next; from < to && log.next === from; from += STRETCH) {
    const end = Math.min(from + STRETCH, to);
    await log.load(end);
    for (const window of [tiles, archive, ...outside]) await window.load(from, end);
    for (let hash = archive.at(log.next); hash && log.next < end; hash = archive.at(log.next)) {
      log.archived(hash, { tree: tiles.at(log.next), kept: firstKnown(outside, log.next) });
    }
  }
}

const STRETCH = 5_000;
