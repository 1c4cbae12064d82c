import type { Database } from '@platform/postgres/database';
import { rowLoader } from '@platform/subgraph-server/graphql';
import {
  type AuditEntry,
  type JsonValue,
  merged,
  type PersonalData,
  type SealedPart,
  SubjectKey,
  unsealed,
} from '../entities/index.js';

/** Where an action came from; both null where it is unknown or erased. */
export type Origin = Pick<PersonalData, 'ipAddress' | 'userAgent'>;

/** What is personal in entries, opened with its subjects' keys; all that one tick asks for in one statement. */
export function openedParts(database: Database) {
  const keys = rowLoader<{ subject: string; key: Buffer }>(
    (subjects) =>
      database.read.query('SELECT subject, key FROM subject_key WHERE subject = ANY($1) AND key IS NOT NULL', [
        subjects,
      ]),
    ({ subject }) => subject,
  );

  /** What the part says, or what the entry says in the clear; undefined where the key is gone. */
  async function read(entry: AuditEntry, part: SealedPart): Promise<Partial<PersonalData> | undefined> {
    const text = entry.sealed?.[part];
    if (!text) return entry;
    const found = await keys.load(text.subject);
    return found ? unsealed(new SubjectKey(found.key).of(entry.id, part), part, text.text) : undefined;
  }

  const partWith = ({ sealed }: AuditEntry, part: SealedPart): SealedPart => (sealed?.all ? 'all' : part);

  return {
    originOf: async (entry: AuditEntry): Promise<Origin> => {
      const { ipAddress = null, userAgent = null } = (await read(entry, partWith(entry, 'origin'))) ?? {};
      return { ipAddress, userAgent };
    },
    metadataOf: async (entry: AuditEntry): Promise<JsonValue> => {
      if (entry.sealed?.details) return merged(entry.metadata, (await read(entry, 'details'))?.metadata);
      return (await read(entry, partWith(entry, 'metadata')))?.metadata ?? {};
    },
    isErased: async (entry: AuditEntry): Promise<boolean> => {
      const parts = Object.keys(entry.sealed ?? {}) as SealedPart[];
      const found = await Promise.all(parts.map((part) => read(entry, part)));
      return found.includes(undefined);
    },
  };
}
