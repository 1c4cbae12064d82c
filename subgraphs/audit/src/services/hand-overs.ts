import { OperatorError } from '@platform/foundation/errors';
import { LogKeys, type NoteSigner, type NoteVerifier, printedKey, signHandOver } from '@platform/transparency-log';
import { append } from './append.js';
import { ownEntry } from './own-entry.js';
import type { Queries } from './queries.js';

/** The keys of the log that the trusted ones lead to by what it has announced. */
export async function keysOf(database: Queries, ...trusted: [NoteVerifier, ...NoteVerifier[]]): Promise<LogKeys> {
  const rows: { sequence: string; note: string }[] = await database.query('SELECT sequence, note FROM key_hand_over');
  return LogKeys.of(
    trusted,
    rows.map(({ sequence, note }) => ({ sequence: Number(sequence), note })),
  );
}

/** The present key cannot hand over to the new one. */
export class KeyRolloverRejected extends OperatorError {}

/**
 * Announces in the log that another key signs from now on, by a statement that both have signed. Answers the entry's place.
 * Checkpoints of the new key are good at once, of the present one until `until`. @throws KeyRolloverRejected
 */
export async function handOver(
  tx: Queries,
  keys: { readonly present: NoteSigner; readonly next: NoteSigner },
  { until, operator, tenantId }: { readonly until: Date; readonly operator: string; readonly tenantId: string },
): Promise<string> {
  const { present, next } = keys;
  const known = await keysOf(tx, present);
  const names = known.periods.map(({ key }) => printedKey(key));
  if (names.includes(printedKey(next))) throw new KeyRolloverRejected('The log has had this key before.');
  const period = known.periods.find(({ key }) => printedKey(key) === printedKey(present));
  if (period?.until)
    throw new KeyRolloverRejected('The present key has handed over already: use the one that follows it.');

  const [{ id }] = await tx.query('SELECT id FROM log_identity');
  const note = signHandOver(`${present.name}/${id}`, until, present, next);
  const appended = await append(tx, [
    {
      ...ownEntry(KEY_ANNOUNCED),
      resourceId: next.keyId.toString('hex'),
      tenantId,
      metadata: { note, operator },
    },
  ]);
  const sequence = appended(0)?.sequence as string;
  await tx.query('INSERT INTO key_hand_over (sequence, note) VALUES ($1, $2)', [sequence, note]);
  return sequence;
}

/** What the entry of a hand-over is called. */
export const KEY_ANNOUNCED = 'platform.audit.key_announced';
