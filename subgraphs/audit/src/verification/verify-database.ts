import type pg from 'pg';
import type { Hash, NoteVerifier } from '../log/index.js';
import { entriesIn } from './database-entries.js';
import type { Verdict } from './finding.js';
import { readCheckpoints, storedCheckpoints } from './found-checkpoints.js';
import { firstKnown, type HashWindow, RunWindow, TileWindow } from './hash-windows.js';
import { LogVerifier } from './log-verifier.js';
import { missingProtections } from './protections.js';

/** Checkpoints that were kept outside the database. */
export interface KeptCheckpoints {
  /** How a person knows the place. */
  readonly place: string;
  /** Oldest first, each with the leaf hashes that it covers beyond the one before; none where only notes are kept. */
  read(): AsyncIterable<{ readonly note: string; readonly from: number; readonly leaves: readonly Hash[] }>;
}

/** Hashes of entries that left the database for the archive. */
export type ArchivedHashes = (sequence: number) => Hash | undefined;

/**
 * Recomputes the whole log of a database, in one snapshot of it: every entry, every checkpoint, and what is kept outside.
 * The client's search path is the log's schema; reading is all that it must be able to.
 */
export async function verifyDatabase(
  client: pg.Client,
  verifier: NoteVerifier,
  kept: readonly KeptCheckpoints[] = [],
  archived: ArchivedHashes = () => undefined,
): Promise<Verdict> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    const stored = await storedCheckpoints(client, verifier);
    const { origin } = stored;
    const elsewhere = await Promise.all(
      kept.map((each) => readCheckpoints(each.read(), { place: each.place, origin, verifier })),
    );
    const found = [stored, ...elsewhere];
    const log = new LogVerifier(found.flatMap(({ checkpoints }) => checkpoints));
    const mistakes = found.flatMap((each) => each.mistakes);
    for (const message of [...mistakes, ...(await missingProtections(client))]) log.found(null, message);

    const tiles = new TileWindow(client);
    const outside = kept.map((each) => new RunWindow(each.read()));
    await readEntries(client, log, { tiles, outside, archived });
    return log.end();
  } finally {
    await client.query('ROLLBACK');
  }
}

async function readEntries(
  client: pg.Client,
  log: LogVerifier,
  known: { tiles: HashWindow; outside: readonly HashWindow[]; archived: ArchivedHashes },
): Promise<void> {
  const { tiles, outside } = known;
  for await (const batch of entriesIn(client)) {
    const last = Number(batch.at(-1)?.sequence);
    for (const window of [tiles, ...outside]) await window.load(log.next, last);
    for (const entry of batch) {
      const sequence = Number(entry.sequence);
      if (sequence > log.next) passOver(log, sequence, known);
      log.entry(entry, { tree: tiles.at(sequence), kept: firstKnown(outside, sequence) });
    }
  }
}

/** Entries until before `to` are not in the database: archived ones may be, others may not. */
function passOver(
  log: LogVerifier,
  to: number,
  { tiles, outside, archived }: { tiles: HashWindow; outside: readonly HashWindow[]; archived: ArchivedHashes },
): void {
  for (let hash = archived(log.next); hash && log.next < to; hash = archived(log.next)) log.archived(hash);
  if (log.next < to) log.missing(to, (sequence) => firstKnown([...outside, tiles], sequence));
}
