import canonicalize from 'canonicalize';
import type { AuditEntry } from './audit-entry.entity.js';
import type { Sealed } from './sealing.js';

/** All that an entry's hash covers. */
export type Leaf = Omit<AuditEntry, 'leafHash'>;

/** A leaf whose points in time are written already. */
export type WrittenLeaf = Omit<Leaf, 'occurredAt' | 'recordedAt'> & {
  readonly occurredAt: string;
  readonly recordedAt: string;
};

const text = JSON.stringify;

/**
 * An entry as canonical JSON (RFC 8785): its members are written in their order, since they are always the same.
 * Points in time are RFC 3339 in UTC with milliseconds (`2026-01-31T12:00:00.000Z`), what is absent is null, and `sealed` is there only where something is.
 */
export const leafText = (leaf: Leaf | WrittenLeaf): string =>
  `{"action":${text(leaf.action)},"actorId":${text(leaf.actorId)},"id":${text(leaf.id)},"ipAddress":${text(leaf.ipAddress)}` +
  `,"metadata":${canonicalize(leaf.metadata)},"occurredAt":${text(leaf.occurredAt)},"outcome":${text(leaf.outcome)}` +
  `,"recordedAt":${text(leaf.recordedAt)},"requestId":${text(leaf.requestId)},"resource":${text(leaf.resource)}` +
  `,"resourceId":${text(leaf.resourceId)}${leaf.sealed === null ? '' : `,"sealed":${sealedText(leaf.sealed)}`}` +
  `,"sequence":${text(leaf.sequence)},"tenantId":${text(leaf.tenantId)},"traceId":${text(leaf.traceId)},"userAgent":${text(leaf.userAgent)}}`;

function sealedText({ metadata, origin }: Sealed): string {
  const parts: string[] = [];
  if (metadata) parts.push(`"metadata":{"subject":${text(metadata.subject)},"text":${text(metadata.text)}}`);
  if (origin) parts.push(`"origin":{"subject":${text(origin.subject)},"text":${text(origin.text)}}`);
  return `{${parts.join(',')}}`;
}
