import { type Hash, hashOfLeaf } from '@platform/transparency-log';
import { leafText, type WrittenLeaf } from '../entities/index.js';

/** An entry as it is stored, points in time as RFC 3339. */
export type LogEntry = WrittenLeaf & { readonly leafHash: string };

/** The hash of what the entry says, whatever `leafHash` says. */
export const recomputedHash = (entry: LogEntry): Hash => hashOfLeaf(leafText(entry));
