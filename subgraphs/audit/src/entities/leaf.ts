import type { Outcome } from '@platform/events';
import canonicalize from 'canonicalize';
import type { Sealed } from './sealing.js';
import type { JsonValue } from './without-secrets.js';

/** All that an entry's hash covers. */
export interface Leaf<Time = Date> {
  readonly id: string;
  readonly sequence: string;
  readonly actorId: string | null;
  /** Part of the leaf only where there is one: entries from before there were service accounts have none. */
  readonly serviceAccountId?: string | null;
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

/** What is nested in a leaf, as canonical JSON; `sealed` is null where nothing is. */
export interface NestedJson {
  readonly metadata: string;
  readonly sealed: string | null;
}

export const nestedJson = ({ metadata, sealed }: Pick<Leaf, 'metadata' | 'sealed'>): NestedJson => ({
  metadata: canonicalize(metadata) as string,
  sealed: sealed === null ? null : sealedJson(sealed),
});

/** What a leaf says around its time and its place, which are the last to be known. */
export interface LeafAround {
  readonly beforeTime: string;
  readonly beforePlace: string;
  readonly end: string;
}

/** The parts of {@link leafText} that do not depend on where in the log the entry stands. */
export const leafAround = (
  leaf: Omit<WrittenLeaf, 'sequence' | 'recordedAt' | keyof NestedJson>,
  { metadata, sealed }: NestedJson,
): LeafAround => ({
  beforeTime:
    `{"action":${json(leaf.action)},"actorId":${json(leaf.actorId)},"id":${json(leaf.id)},"ipAddress":${json(leaf.ipAddress)}` +
    `,"metadata":${metadata},"occurredAt":${json(leaf.occurredAt)},"outcome":${json(leaf.outcome)},"recordedAt":`,
  beforePlace:
    `,"requestId":${json(leaf.requestId)},"resource":${json(leaf.resource)}` +
    `,"resourceId":${json(leaf.resourceId)}${sealed === null ? '' : `,"sealed":${sealed}`},"sequence":`,
  end: `${leaf.serviceAccountId == null ? '' : `,"serviceAccountId":${json(leaf.serviceAccountId)}`},"tenantId":${json(leaf.tenantId)},"traceId":${json(leaf.traceId)},"userAgent":${json(leaf.userAgent)}}`,
});

/** The whole text of a leaf. */
export const sequenced = ({ beforeTime, beforePlace, end }: LeafAround, recordedAt: string, sequence: string): string =>
  `${beforeTime}${json(recordedAt)}${beforePlace}${json(sequence)}${end}`;

/**
 * An entry as canonical JSON (RFC 8785): its members are written in their order, since they are always the same.
 * Points in time are RFC 3339 in UTC with milliseconds (`2026-01-31T12:00:00.000Z`), what is absent is null, and `sealed` and `serviceAccountId` are there only where there is something.
 */
export const leafText = (leaf: WrittenLeaf): string =>
  sequenced(leafAround(leaf, nestedJson(leaf)), leaf.recordedAt, leaf.sequence);

function sealedJson({ all, details, metadata, origin }: Sealed): string {
  const parts: string[] = [];
  if (all) parts.push(`"all":{"subject":${json(all.subject)},"text":${json(all.text)}}`);
  if (details) {
    const { members = [], subject, text } = details;
    parts.push(`"details":{"members":${JSON.stringify(members)},"subject":${json(subject)},"text":${json(text)}}`);
  }
  if (metadata) parts.push(`"metadata":{"subject":${json(metadata.subject)},"text":${json(metadata.text)}}`);
  if (origin) parts.push(`"origin":{"subject":${json(origin.subject)},"text":${json(origin.text)}}`);
  return `{${parts.join(',')}}`;
}

/** Printable ASCII that JSON does not escape, as almost all of this is. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** What claims to be text may be something else in an export or a row that was tampered with. */
const json = (text: string | null): string =>
  typeof text === 'string' && PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
