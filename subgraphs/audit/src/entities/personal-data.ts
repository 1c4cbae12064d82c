import type { KeyObject } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { AuditRecord } from './audit-entry.entity.js';
import { partKey, type Sealed, type SealedPart, type SealedText, seal } from './sealing.js';

/** Whose key seals which part of a record; no one's where nobody is known or nothing is told. */
export function subjectsOf({ actorId, resource, resourceId, ipAddress, userAgent, metadata }: AuditRecord): {
  readonly [Part in SealedPart]: string | null;
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

/** A record with its personal parts sealed. Keys are by subject. */
export function withSealedParts(
  record: AuditRecord,
  keys: ReadonlyMap<string, KeyObject>,
): AuditRecord & { readonly sealed: Sealed | null } {
  const subjects = subjectsOf(record);
  const sealedFor = (part: SealedPart, value: unknown): SealedText | undefined => {
    const subject = subjects[part];
    const key = subject === null ? undefined : keys.get(subject);
    if (subject === null || !key) return undefined;
    return { subject, text: seal(partKey(key, record.id, part), canonicalize(value) as string) };
  };
  const { ipAddress, userAgent, metadata } = record;
  const origin = sealedFor('origin', { ipAddress, userAgent });
  const details = sealedFor('metadata', metadata);
  return {
    ...record,
    ...(origin && { ipAddress: null, userAgent: null }),
    ...(details && { metadata: null }),
    sealed: origin || details ? { ...(details && { metadata: details }), ...(origin && { origin }) } : null,
  };
}
