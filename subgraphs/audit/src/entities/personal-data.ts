import type { KeyObject } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { AuditRecord } from './audit-entry.entity.js';
import { partKey, type Sealed, type SealedPart, seal, WITHOUT } from './sealing.js';

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

/** A record with its personal parts sealed. Keys are by subject. */
export function withSealedParts(
  record: AuditRecord,
  keys: ReadonlyMap<string, KeyObject>,
): AuditRecord & { readonly sealed: Sealed | null } {
  const { origin, metadata } = subjectsOf(record);
  const { ipAddress, userAgent, metadata: told } = record;
  const sealedFor = (part: SealedPart, subject: string | null, value: unknown): Sealed => {
    const key = subject === null ? undefined : keys.get(subject);
    if (subject === null || !key) return {};
    return { [part]: { subject, text: seal(partKey(key, record.id, part), canonicalize(value) as string) } };
  };
  const sealed: Sealed =
    origin === metadata
      ? sealedFor('all', origin, { ipAddress, userAgent, metadata: told })
      : { ...sealedFor('metadata', metadata, told), ...sealedFor('origin', origin, { ipAddress, userAgent }) };
  const parts = Object.keys(sealed) as SealedPart[];
  return Object.assign({ ...record, sealed: parts.length > 0 ? sealed : null }, ...parts.map((part) => WITHOUT[part]));
}
