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
