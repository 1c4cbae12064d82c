import type { AuditEntry } from '../entities/index.js';
import type { AuditContext } from '../loaders/index.js';

/** Answers the entities that other subgraphs refer to by their keys; null for what the caller may not know of. */
export const references = {
  AuditEntry: ({ id }: { id: string }, { loaders }: AuditContext): Promise<AuditEntry | null> =>
    loaders.entryById.load(id),
};
