import { BadNote, type LogKeys, type SignedCheckpoint } from '@platform/transparency-log';
import type pg from 'pg';

/** A signed checkpoint, and where it was found. */
export type FoundCheckpoint = Pick<SignedCheckpoint, 'size' | 'root' | 'signedAt'> & { readonly source: string };

/** A note of a checkpoint, or what stands in its place. */
interface Noted {
  readonly note: string | null;
}

/** Notes of checkpoints in one place. */
export interface NotesAt {
  /** How a person knows the place. */
  readonly place: string;
  /** From the first on, each time it is called. */
  read(): AsyncIterable<Noted>;
}

/** Of which log checkpoints are looked for, and who is told of those that are none. */
interface Reading {
  readonly origin: string;
  readonly keys: LogKeys;
  readonly onMistake: (message: string) => void;
}

/**
 * The checkpoints of a log in several places, smallest first. Notes are read as they are asked for: those in their order, as logs and
 * witnesses keep them, are not in memory; others are.
 */
export async function checkpointsAt(places: readonly NotesAt[], reading: Reading): Promise<FoundCheckpoints[]> {
  const found: FoundCheckpoints[] = [];
  for (const { place, read } of places) {
    const late: (Noted & { size: number })[] = [];
    for await (const { note, size, isLate } of inOrder(read(), reading.origin)) if (isLate) late.push({ note, size });
    late.sort((a, b) => a.size - b.size);
    found.push(opened(notLate(read(), reading.origin), { ...reading, place }), opened(late, { ...reading, place }));
  }
  return found;
}

type FoundCheckpoints = AsyncIterable<FoundCheckpoint>;

async function* notLate(notes: AsyncIterable<Noted>, origin: string): AsyncGenerator<Noted> {
  for await (const each of inOrder(notes, origin)) if (!each.isLate) yield each;
}

/** Which of the notes come after one of a larger size, by what they say of themselves. */
async function* inOrder(
  notes: AsyncIterable<Noted>,
  origin: string,
): AsyncGenerator<{ note: string; size: number; isLate: boolean }> {
  let largest = 0;
  for await (const { note } of notes) {
    if (note === null) continue;
    const [log, text = ''] = note.split('\n', 2);
    const size = log === origin && /^\d+$/.test(text) ? Number(text) : largest;
    const isLate = size < largest;
    largest = Math.max(largest, size);
    yield { note, size, isLate };
  }
}

/** The checkpoints of the log that the notes prove. Other logs' are passed over. */
async function* opened(
  notes: AsyncIterable<Noted> | Iterable<Noted>,
  { place, origin, keys, onMistake, onForeign }: Reading & { place: string; onForeign?: () => void },
): AsyncGenerator<FoundCheckpoint> {
  for await (const { note } of notes) {
    if (note === null) continue;
    try {
      const { size, root, signedAt, origin: log } = keys.openCheckpoint(note);
      if (log === origin) yield { size, root, signedAt, source: `the checkpoint of ${size} entries in ${place}` };
      else onForeign?.();
    } catch (error) {
      if (!(error instanceof BadNote)) throw error;
      onMistake(`a checkpoint in ${place} is forged: ${error.message}`);
    }
  }
}

/** What the log of a database calls itself. */
export async function originOf(client: pg.Client, keys: LogKeys): Promise<string> {
  const { rows } = await client.query<{ id: string }>('SELECT id FROM log_identity');
  return `${keys.name}/${rows[0]?.id}`;
}

/** The checkpoints of a database, smallest first; all of them must be of its log. Needs a transaction. */
export async function* storedCheckpoints(client: pg.Client, reading: Reading): AsyncGenerator<FoundCheckpoint> {
  let foreign = 0;
  yield* opened(storedNotes(client), { ...reading, place: 'the database', onForeign: () => (foreign += 1) });
  if (foreign > 0)
    reading.onMistake(`${foreign} checkpoints in the database are of another log than ${reading.origin}`);
}

/** In the order of the sizes that they name, whatever the table says of them. */
async function* storedNotes(client: pg.Client): AsyncGenerator<Noted> {
  await client.query(
    `DECLARE notes NO SCROLL CURSOR FOR SELECT note FROM checkpoint
     ORDER BY CASE WHEN split_part(note, E'\\n', 2) ~ '^[0-9]+$' THEN split_part(note, E'\\n', 2)::numeric END`,
  );
  for (;;) {
    const { rows } = await client.query<{ note: string }>('FETCH 1000 FROM notes');
    if (rows.length === 0) return;
    yield* rows;
  }
}
