import { randomBytes } from 'node:crypto';
import { WeightedCache } from '@platform/foundation/weighted-cache';
import { SubjectKey } from '../entities/index.js';
import type { Queries } from './queries.js';

const KEY_BYTES = 32;

/** What the keys that a process remembers may weigh, in bytes, and for how long in ms it remembers them. */
const REMEMBERED = { bytes: 8 * 1024 * 1024, weigh: () => 400, lifetime: 60_000 };

/** The keys that the subjects' data is sealed with. Those that were there before are remembered for a while: destroyed meanwhile, they still open nothing for anybody. */
export class SubjectKeys {
  private readonly remembered = new WeightedCache<SubjectKey>(REMEMBERED);

  /** Made where there is none. Of one whose key was destroyed, a key that nobody will have again. Once in a transaction: what it has made itself is lost with it. */
  async toSealWith(tx: Queries, subjects: ReadonlySet<string>): Promise<ReadonlyMap<string, SubjectKey>> {
    const keys = new Map<string, SubjectKey>();
    for (const subject of subjects) {
      const key = this.remembered.get(subject);
      if (key) keys.set(subject, key);
    }
    const unknown = [...subjects].filter((subject) => !keys.has(subject)).sort();
    if (unknown.length === 0) return keys;

    const stored = await storedKeys(tx, unknown);
    for (const [subject, key] of stored) {
      if (key) this.remembered.set(subject, new SubjectKey(key));
    }
    const missing = unknown.filter((subject) => !stored.has(subject));
    const made = missing.length > 0 ? await makeKeys(tx, missing) : new Map<string, Buffer>();
    for (const subject of unknown) {
      const key = stored.get(subject) ?? made.get(subject) ?? randomBytes(KEY_BYTES);
      keys.set(subject, this.remembered.get(subject) ?? new SubjectKey(key));
    }
    return keys;
  }

  forget(subject: string): void {
    this.remembered.delete(subject);
  }
}

async function makeKeys(tx: Queries, subjects: readonly string[]): Promise<Map<string, Buffer | null>> {
  const fresh = subjects.map(() => randomBytes(KEY_BYTES));
  await tx.query(
    'INSERT INTO subject_key (subject, key) SELECT * FROM unnest($1::text[], $2::bytea[]) ON CONFLICT DO NOTHING',
    [subjects, fresh],
  );
  return storedKeys(tx, subjects);
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
