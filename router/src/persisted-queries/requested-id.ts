import { BadRequest } from '../errors.js';
import type { GraphQLRequest } from '../operation.js';

/** How a request names a persisted query. */
export interface RequestedId {
  readonly id: string;
  /** The id is said to be the SHA-256 of the text: such queries may register themselves. */
  readonly isHash: boolean;
}

const LONGEST_ID = 512;

/** The persisted query that a request names; undefined when it names none. @throws BadRequest for extensions of any other form. */
export function requestedId({ extensions, documentId }: GraphQLRequest): RequestedId | undefined {
  const hash = hashOf(extensions?.persistedQuery);
  const named = documentId !== undefined && documentId !== null;
  if (hash !== undefined && named) {
    throw new BadRequest('A request names one persisted query: "documentId" or "extensions.persistedQuery".');
  }
  if (hash !== undefined) return { id: hash, isHash: true };
  return named ? { id: checked(documentId, '"documentId"'), isHash: false } : undefined;
}

function hashOf(persistedQuery: unknown): string | undefined {
  if (persistedQuery === undefined || persistedQuery === null) return undefined;
  if (typeof persistedQuery !== 'object' || Array.isArray(persistedQuery)) {
    throw new BadRequest('"extensions.persistedQuery" must be a JSON object.');
  }
  const { version, sha256Hash } = persistedQuery as Record<string, unknown>;
  if (version !== 1) throw new BadRequest('"extensions.persistedQuery.version" must be 1.');
  return checked(sha256Hash, '"extensions.persistedQuery.sha256Hash"');
}

function checked(id: unknown, what: string): string {
  if (typeof id === 'string' && id !== '' && id.length <= LONGEST_ID) return id;
  throw new BadRequest(`${what} must be a string of at most ${LONGEST_ID} characters.`);
}
