import { createSecretKey } from 'node:crypto';
import type { Database } from '@platform/kernel/database';
import { rowLoader } from '@platform/kernel/graphql';
import { type AuditEntry, type JsonValue, partKey, type SealedPart, unseal } from '../entities/index.js';

/** Where an action came from; both null where it is unknown or erased. */
export interface Origin {
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
}

/** What is personal in entries, opened with its subjects' keys; all that one tick asks for in one statement. */
export function openedParts(database: Database) {
  const keys = rowLoader<{ subject: string; key: Buffer }>(
    (subjects) =>
      database.read.query('SELECT subject, key FROM subject_key WHERE subject = ANY($1) AND key IS NOT NULL', [
        subjects,
      ]),
    ({ subject }) => subject,
  );

  /** Undefined where the key is gone. */
  async function opened<T>({ id, sealed }: AuditEntry, part: SealedPart, plain: T): Promise<T | undefined> {
    const text = sealed?.[part];
    if (!text) return plain;
    const found = await keys.load(text.subject);
    return found ? readable(partKey(createSecretKey(found.key), id, part), text.text) : undefined;
  }

  return {
    originOf: async (entry: AuditEntry): Promise<Origin> => {
      const { ipAddress, userAgent } = entry;
      return (await opened<Origin>(entry, 'origin', { ipAddress, userAgent })) ?? { ipAddress: null, userAgent: null };
    },
    metadataOf: async (entry: AuditEntry): Promise<JsonValue> =>
      (await opened(entry, 'metadata', entry.metadata)) ?? {},
    isErased: async (entry: AuditEntry): Promise<boolean> => {
      const parts = Object.keys(entry.sealed ?? {}) as SealedPart[];
      const found = await Promise.all(parts.map((part) => opened<unknown>(entry, part, null)));
      return found.includes(undefined);
    },
  };
}

/** Undefined for what was not sealed with this key. */
function readable<T>(key: Buffer, text: string): T | undefined {
  try {
    return JSON.parse(unseal(key, text));
  } catch {
    return undefined;
  }
}
