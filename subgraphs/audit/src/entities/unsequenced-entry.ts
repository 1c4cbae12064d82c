import { hexHashOfLeaf } from '@platform/transparency-log';
import type { AuditEntry, AuditRecord, LogPosition } from './audit-entry.entity.js';
import { type LeafAround, leafAround, type NestedJson, nestedJson, sequenced } from './leaf.js';
import type { PersonalData, Sealed } from './sealing.js';

/** What an entry stores besides what only the log can tell. */
export type Stored = Omit<AuditEntry, keyof LogPosition | 'leafHash'>;

/** An entry that is ready for the log, but for its position: all that takes time is done. What is hashed is what is stored. */
export class UnsequencedEntry {
  readonly stored: Stored;
  readonly nested: NestedJson;
  private readonly around: LeafAround;

  /** @param record as `storableRecord` gives it @param shown what stands in the entry for what is personal in the record */
  constructor({ personal, ...record }: AuditRecord, shown: PersonalData & { readonly sealed: Sealed | null }) {
    this.stored = { ...record, ...shown };
    this.nested = nestedJson(this.stored);
    this.around = leafAround({ ...this.stored, occurredAt: record.occurredAt.toISOString() }, this.nested);
  }

  /** The hash of the entry at a position, in hex. `recordedAt` is RFC 3339 in UTC with milliseconds. */
  hashAt(recordedAt: string, sequence: string): string {
    return hexHashOfLeaf(sequenced(this.around, recordedAt, sequence));
  }
}
