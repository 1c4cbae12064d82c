import type pg from 'pg';
import { merged, type SealedPart, SubjectKey, unsealed } from '../entities/index.js';
import type { LogEntry } from '../verification/index.js';

/** An entry as people read it, with what it takes to check that against its hash. */
export type ReadableEntry = Omit<LogEntry, 'sealed'> & {
  readonly sealed?: LogEntry['sealed'];
  /** By part, in hex: opens the ciphertext of this entry and no other. */
  readonly keys?: { readonly [Part in SealedPart]?: string };
  /** Personal data is gone for good. */
  readonly erased?: true;
};

/** Opens what is personal in the entries, where its key is not destroyed. */
export async function readable(client: pg.Client, entries: readonly LogEntry[]): Promise<ReadableEntry[]> {
  const subjects = new Set(entries.flatMap(({ sealed }) => Object.values(sealed ?? {}).map(({ subject }) => subject)));
  const { rows } = await client.query<{ subject: string; key: Buffer }>(
    'SELECT subject, key FROM subject_key WHERE subject = ANY($1) AND key IS NOT NULL',
    [[...subjects]],
  );
  const keys = new Map(rows.map(({ subject, key }) => [subject, new SubjectKey(key)]));
  return entries.map((entry) => readableEntry(entry, keys));
}

function readableEntry({ sealed, ...entry }: LogEntry, subjectKeys: ReadonlyMap<string, SubjectKey>): ReadableEntry {
  if (sealed === null) return entry;
  const keys: { [Part in SealedPart]?: string } = {};
  let values = {};
  let erased = false;
  for (const part of Object.keys(sealed) as SealedPart[]) {
    const { subject, text } = sealed[part] ?? { subject: '', text: '' };
    const key = subjectKeys.get(subject)?.of(entry.id, part);
    const value = key && unsealed(key, part, text);
    if (value) {
      keys[part] = key.toString('hex');
      values = { ...values, ...(part === 'details' ? { metadata: merged(entry.metadata, value.metadata) } : value) };
    } else {
      erased = true;
    }
  }
  return { ...entry, ...values, sealed, keys, ...(erased && { erased }) };
}
