import type { Outcome } from '@platform/kernel/events';
import canonicalize from 'canonicalize';
import type { Sealed } from './sealing.js';
import type { JsonValue } from './without-secrets.js';

/** All that an entry's hash covers. */
export interface Leaf<Time = Date> {
  readonly id: string;
  readonly sequence: string;
  readonly actorId: string | null;
  readonly action: string;
  readonly resource: string;
  readonly resourceId: string | null;
  readonly outcome: Outcome;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly requestId: string | null;
  readonly traceId: string | null;
  readonly tenantId: string;
  readonly metadata: JsonValue;
  readonly sealed: Sealed | null;
  readonly occurredAt: Time;
  readonly recordedAt: Time;
}

/** A leaf whose points in time are written already. */
export type WrittenLeaf = Leaf<string>;

const text = JSON.stringify;

/** What a leaf says around its time and its place, which are the last to be known. */
export interface LeafAround {
  readonly beforeTime: string;
  readonly beforePlace: string;
  readonly end: string;
}

/** The parts of {@link leafText} that do not depend on where in the log the entry stands. */
export const leafAround = (leaf: Omit<Leaf | WrittenLeaf, 'sequence' | 'recordedAt'>): LeafAround => ({
  beforeTime:
    `{"action":${text(leaf.action)},"actorId":${text(leaf.actorId)},"id":${text(leaf.id)},"ipAddress":${text(leaf.ipAddress)}` +
    `,"metadata":${canonicalize(leaf.metadata)},"occurredAt":${text(leaf.occurredAt)},"outcome":${text(leaf.outcome)},"recordedAt":`,
  beforePlace:
    `,"requestId":${text(leaf.requestId)},"resource":${text(leaf.resource)}` +
    `,"resourceId":${text(leaf.resourceId)}${leaf.sealed === null ? '' : `,"sealed":${sealedText(leaf.sealed)}`},"sequence":`,
  end: `,"tenantId":${text(leaf.tenantId)},"traceId":${text(leaf.traceId)},"userAgent":${text(leaf.userAgent)}}`,
});

/** The whole text of a leaf. */
export const placed = ({ beforeTime, beforePlace, end }: LeafAround, recordedAt: string, sequence: string): string =>
  `${beforeTime}"${recordedAt}"${beforePlace}"${sequence}"${end}`;

/**
 * An entry as canonical JSON (RFC 8785): its members are written in their order, since they are always the same.
 * Points in time are RFC 3339 in UTC with milliseconds (`2026-01-31T12:00:00.000Z`), what is absent is null, and `sealed` is there only where something is.
 */
export const leafText = (leaf: WrittenLeaf): string => placed(leafAround(leaf), leaf.recordedAt, leaf.sequence);

function sealedText({ all, metadata, origin }: Sealed): string {
  const parts: string[] = [];
  if (all) parts.push(`"all":{"subject":${text(all.subject)},"text":${text(all.text)}}`);
  if (metadata) parts.push(`"metadata":{"subject":${text(metadata.subject)},"text":${text(metadata.text)}}`);
  if (origin) parts.push(`"origin":{"subject":${text(origin.subject)},"text":${text(origin.text)}}`);
  return `{${parts.join(',')}}`;
}
