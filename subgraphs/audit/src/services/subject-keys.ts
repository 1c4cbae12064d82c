import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import type { Queries } from './queries.js';

const KEY_BYTES = 32;

/** The keys that the subjects' data is sealed with, made where there is none. Of one whose key was destroyed, a key that nobody will have again. */
export async function keysToSealWith(
  tx: Queries,
  subjects: ReadonlySet<string>,
): Promise<ReadonlyMap<string, KeyObject>> {
  if (subjects.size === 0) return new Map();
  const wanted = [...subjects].sort();
  const known = await storedKeys(tx, wanted);
  const missing = wanted.filter((subject) => !known.has(subject));
  if (missing.length > 0) {
    const fresh = missing.map(() => randomBytes(KEY_BYTES));
    await tx.query(
      'INSERT INTO subject_key (subject, key) SELECT * FROM unnest($1::text[], $2::bytea[]) ON CONFLICT DO NOTHING',
      [missing, fresh],
    );
    for (const [subject, key] of await storedKeys(tx, missing)) known.set(subject, key);
  }
  return new Map(wanted.map((subject) => [subject, createSecretKey(known.get(subject) ?? randomBytes(KEY_BYTES))]));
}

/** Makes everything that is sealed for the subject unreadable, also what is yet to come. */
export async function destroyKey(tx: Queries, subject: string): Promise<void> {
  await tx.query(
    `INSERT INTO subject_key (subject, key, destroyed_at) VALUES ($1, NULL, now())
     ON CONFLICT (subject) DO UPDATE SET key = NULL, destroyed_at = now() WHERE subject_key.key IS NOT NULL`,
    [subject],
  );
}

async function storedKeys(tx: Queries, subjects: readonly string[]): Promise<Map<string, Buffer | null>> {
  const rows: { subject: string; key: Buffer | null }[] = await tx.query(
    'SELECT subject, key FROM subject_key WHERE subject = ANY($1)',
    [subjects],
  );
  return new Map(rows.map(({ subject, key }) => [subject, key]));
}
