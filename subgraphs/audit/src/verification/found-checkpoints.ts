import { BadNote, type LogKeys } from '@platform/transparency-log';
import type pg from 'pg';
import type { FoundCheckpoint } from './log-verifier.js';

/** Checkpoints that were found in one place, and what is wrong with others there. */
export interface Found {
  readonly checkpoints: readonly FoundCheckpoint[];
  readonly mistakes: readonly string[];
}

/** The checkpoints of the log `origin` that the notes prove. Other logs' are passed over. */
export async function readCheckpoints(
  notes: AsyncIterable<{ note: string | null }> | Iterable<{ note: string }>,
  { place, origin, keys }: { place: string; origin: string; keys: LogKeys },
): Promise<Found> {
  const checkpoints: FoundCheckpoint[] = [];
  const mistakes: string[] = [];
  for await (const { note } of notes) {
    if (note === null) continue;
    try {
      const { size, root, signedAt, origin: log } = keys.openCheckpoint(note);
      if (log === origin)
        checkpoints.push({ size, root, signedAt, source: `the checkpoint of ${size} entries in ${place}` });
    } catch (error) {
      if (!(error instanceof BadNote)) throw error;
      mistakes.push(`a checkpoint in ${place} is forged: ${error.message}`);
    }
  }
  return { checkpoints, mistakes };
}

/** The checkpoints of a database, which must also be what its table says of them. */
export async function storedCheckpoints(client: pg.Client, keys: LogKeys): Promise<Found & { origin: string }> {
  const { rows: identities } = await client.query<{ id: string }>('SELECT id FROM log_identity');
  const origin = `${keys.name}/${identities[0]?.id}`;
  const { rows } = await client.query<{ note: string; tree_size: string }>(
    'SELECT note, tree_size FROM checkpoint ORDER BY tree_size',
  );
  const found = await readCheckpoints(rows, { place: 'the database', origin, keys });
  const foreign = rows.length - found.checkpoints.length - found.mistakes.length;
  const mistakes = foreign === 0 ? [] : [`${foreign} checkpoints in the database are of another log than ${origin}`];
  return { origin, checkpoints: found.checkpoints, mistakes: [...found.mistakes, ...mistakes] };
}
