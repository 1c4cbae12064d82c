import { knownQuery } from '@platform/foundation/http';
import { checkedKey } from './blob-key.js';
import type { LinkQuery } from './presigned-urls.js';

const PARAMETERS = ['type', 'size', 'expires', 'signature'] as const satisfies (keyof LinkQuery)[];

/**
 * Path and query of a blob's link, made anew from what a request's route matched: for a process that passes requests on.
 * @throws InvalidBlobKey
 */
export const blobTarget = (module: string, file: string, given: Readonly<Record<string, unknown>>): string =>
  `/blobs/${checkedKey(`${module}/${file}`)}${knownQuery(given, PARAMETERS)}`;
