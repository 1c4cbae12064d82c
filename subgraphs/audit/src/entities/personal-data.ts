import canonicalize from 'canonicalize';
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

/** Whose key seals which part of a record; no one's where nobody is known or nothing is told. */
export function subjectsOf({ actorId, resource, resourceId, ipAddress, userAgent, metadata }: AuditRecord): {
  readonly origin: string | null;
  readonly metadata: string | null;
} {
  const user = resource === 'user' ? resourceId : null;
  const told = metadata !== null && typeof metadata === 'object' && Object.keys(metadata).length > 0;
  return {
    origin: ipAddress === null && userAgent === null ? null : (actorId ?? user),
    metadata: told ? (user ?? userIn(metadata) ?? actorId) : null,
  };
}

function userIn(metadata: object): string | null {
  const { userId } = metadata as { userId?: unknown };
  return typeof userId === 'string' ? userId : null;
}

/** What a record has that is personal, with all of it sealed that a key is there for. Keys are by subject. */
export function sealedPersonalData(
  record: AuditRecord,
  keys: ReadonlyMap<string, SubjectKey>,
): PersonalData & { readonly sealed: Sealed | null } {
  const { id, ipAddress, userAgent, metadata } = record;
  const subjects = subjectsOf(record);
  const sealedFor = (part: SealedPart, subject: string | null, value: () => string): SealedText | undefined => {
    const key = subject === null ? undefined : keys.get(subject);
    return key && { subject: subject as string, text: seal(key.of(id, part), value()) };
  };
  if (subjects.origin === subjects.metadata) {
    const all = sealedFor('all', subjects.origin, () => allText(record));
    return all ? { ...WITHOUT.all, sealed: { all } } : { ipAddress, userAgent, metadata, sealed: null };
  }
  const told = sealedFor('metadata', subjects.metadata, () => canonicalize(metadata) as string);
  const origin = sealedFor('origin', subjects.origin, () => originText(record));
  return {
    ipAddress: origin ? null : ipAddress,
    userAgent: origin ? null : userAgent,
    metadata: told ? null : metadata,
    sealed: told || origin ? { ...(told && { metadata: told }), ...(origin && { origin }) } : null,
  };
}

const { stringify: text } = JSON;

/** Canonical JSON, as its members are written in their order. */
const originText = ({ ipAddress, userAgent }: PersonalData): string =>
  `{"ipAddress":${text(ipAddress)},"userAgent":${text(userAgent)}}`;

const allText = ({ ipAddress, userAgent, metadata }: PersonalData): string =>
  `{"ipAddress":${text(ipAddress)},"metadata":${canonicalize(metadata)},"userAgent":${text(userAgent)}}`;
