import { hexHashOfLeaf } from '../log/index.js';
import type { AuditEntry, AuditRecord, LogPosition } from './audit-entry.entity.js';
import { type LeafAround, leafAround, type NestedJson, nestedJson, placed } from './leaf.js';
import type { PersonalData, Sealed } from './sealing.js';
import { storable } from './without-secrets.js';

/** What an entry stores besides what only the log can tell. */
export type Stored = Omit<AuditEntry, keyof LogPosition | 'leafHash'>;

/** An entry that is ready for the log, but for its position: all that takes time is done. */
export class UnplacedEntry {
  readonly nested: NestedJson;
  private readonly around: LeafAround;

  private constructor(readonly stored: Stored) {
    this.nested = nestedJson(stored);
    this.around = leafAround({ ...stored, occurredAt: stored.occurredAt.toISOString() }, this.nested);
  }

  /** What is hashed is what is stored, whole and nothing else: members that are named here. */
  static of(
    record: AuditRecord,
    { ipAddress, userAgent, metadata, sealed }: PersonalData & { readonly sealed: Sealed | null },
  ): UnplacedEntry {
    return new UnplacedEntry({
      id: record.id,
      actorId: orNull(record.actorId),
      action: storable(record.action),
      resource: storable(record.resource),
      resourceId: orNull(record.resourceId),
      outcome: record.outcome,
      ipAddress: orNull(ipAddress),
      userAgent: orNull(userAgent),
      requestId: orNull(record.requestId),
      traceId: orNull(record.traceId),
      tenantId: record.tenantId,
      metadata,
      sealed,
      occurredAt: record.occurredAt,
    });
  }

  /** The hash of the entry at a position, in hex. `recordedAt` is RFC 3339 in UTC with milliseconds. */
  hashAt(recordedAt: string, sequence: string): string {
    return hexHashOfLeaf(placed(this.around, recordedAt, sequence));
  }
}

const orNull = (text: string | null): string | null => (text === null ? null : storable(text));
