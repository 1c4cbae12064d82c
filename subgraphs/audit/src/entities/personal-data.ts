import canonicalize from 'canonicalize';
import { validate as isUuid } from 'uuid';
import type { AuditRecord } from './audit-entry.entity.js';
import {
  type PersonalData,
  type Sealed,
  type SealedPart,
  type SealedText,
  type SubjectKey,
  seal,
  WITHOUT,
} from './sealing.js';
import type { JsonValue } from './without-secrets.js';

/** Whose key seals which part of a record; no one's where nobody is known or nothing is personal. */
export interface Subjects {
  readonly origin: string | null;
  readonly metadata: string | null;
}

export function subjectsOf(record: AuditRecord): Subjects {
  const { actorId, resource, resourceId, ipAddress, userAgent } = record;
  const user = resource === 'user' ? resourceId : null;
  return {
    origin: ipAddress === null && userAgent === null ? null : spelled(actorId ?? user),
    metadata: spelled(subjectOfMetadata(record, user)),
  };
}

/** As the event of a deletion says it, by which the key is found then. */
const spelled = (subject: string | null): string | null =>
  isUuid(subject) ? (subject as string).toLowerCase() : subject;

function subjectOfMetadata({ actorId, metadata, personal }: AuditRecord, user: string | null): string | null {
  if (!personal) return isEmpty(metadata) ? null : (user ?? memberOf(metadata, 'userId') ?? actorId);
  const { of } = personal;
  if (of === null || isEmpty(split(metadata, personal.members).inside)) return null;
  return memberOf(metadata, of) ?? user ?? actorId;
}

const isEmpty = (value: JsonValue): boolean =>
  value === null || typeof value !== 'object' || Object.keys(value).length === 0;

/** The id that a member of metadata has. */
function memberOf(metadata: JsonValue, name: string): string | null {
  const value = (metadata as Readonly<Record<string, unknown>> | null)?.[name];
  return isUuid(value) ? (value as string) : null;
}

/** What an entry shows instead of what is personal in its record, all of which is sealed that a key is there for. Keys are by subject. */
export function sealedPersonalData(
  record: AuditRecord,
  keys: ReadonlyMap<string, SubjectKey>,
): PersonalData & { readonly sealed: Sealed | null } {
  const { id, ipAddress, userAgent, metadata, personal } = record;
  const subjects = subjectsOf(record);
  const sealedFor = (part: SealedPart, subject: string | null, value: () => string): SealedText | undefined => {
    const key = subject === null ? undefined : keys.get(subject);
    return key && { subject: subject as string, text: seal(key.of(id, part), value()) };
  };
  if (!personal && subjects.origin === subjects.metadata) {
    const all = sealedFor('all', subjects.origin, () => allText(record));
    return all ? { ...WITHOUT.all, sealed: { all } } : { ipAddress, userAgent, metadata, sealed: null };
  }
  const origin = sealedFor('origin', subjects.origin, () => originText(record));
  const { inside, outside } = split(metadata, personal?.members ?? []);
  const told = sealedFor(personal ? 'details' : 'metadata', subjects.metadata, () =>
    canonicalJson(personal ? inside : metadata),
  );
  const sealed: Sealed = {
    ...(told && (personal ? { details: { ...told, members: Object.keys(inside) } } : { metadata: told })),
    ...(origin && { origin }),
  };
  return {
    ipAddress: origin ? null : ipAddress,
    userAgent: origin ? null : userAgent,
    metadata: told ? (personal ? outside : null) : metadata,
    sealed: told || origin ? sealed : null,
  };
}

/** Metadata with the members that were sealed apart from it. */
export const merged = (outside: JsonValue, inside: JsonValue | undefined): JsonValue =>
  Object.fromEntries([outside, inside].flatMap((members) => Object.entries(members ?? {})));

/** The members of metadata with these names, and all the others. */
export function split(
  metadata: JsonValue,
  members: readonly string[],
): { readonly inside: Readonly<Record<string, unknown>>; readonly outside: JsonValue } {
  if (members.length === 0 || metadata === null || typeof metadata !== 'object' || Array.isArray(metadata)) {
    return { inside: {}, outside: metadata };
  }
  const entries = Object.entries(metadata);
  return {
    inside: Object.fromEntries(entries.filter(([name]) => members.includes(name))),
    outside: Object.fromEntries(entries.filter(([name]) => !members.includes(name))),
  };
}

const canonicalJson = (value: JsonValue): string => canonicalize(value) as string;

/** Canonical JSON, as its members are written in their order. */
const originText = ({ ipAddress, userAgent }: PersonalData): string =>
  `{"ipAddress":${JSON.stringify(ipAddress)},"userAgent":${JSON.stringify(userAgent)}}`;

const allText = ({ ipAddress, userAgent, metadata }: PersonalData): string =>
  `{"ipAddress":${JSON.stringify(ipAddress)},"metadata":${canonicalJson(metadata)},"userAgent":${JSON.stringify(userAgent)}}`;
