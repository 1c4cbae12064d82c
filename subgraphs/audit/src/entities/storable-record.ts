import { isRepresentable } from '@platform/foundation/clock';
import { validate as isUuid } from 'uuid';
import type { AuditRecord } from './audit-entry.entity.js';
import { storable, withoutSecrets } from './without-secrets.js';

/** Something that the log could not give back as it was recorded: its hash would never hold. */
export class UnrecordableEntry extends Error {
  override readonly name = 'UnrecordableEntry';
}

/**
 * The record in the form in which the database gives it back, which is the one that is hashed: text that can be stored, UUIDs in lower case, JSON
 * without secrets, a time that RFC 3339 can write. @throws UnrecordableEntry
 */
export function storableRecord(record: AuditRecord): AuditRecord {
  const { id, tenantId, serviceAccountId, occurredAt } = record;
  for (const uuid of [id, tenantId, serviceAccountId ?? id])
    if (!isUuid(uuid)) throw new UnrecordableEntry(`${storable(uuid)} is no UUID`);
  if (!isRepresentable(occurredAt))
    throw new UnrecordableEntry(`${id} has a time of occurrence that cannot be written`);
  return {
    id: id.toLowerCase(),
    actorId: orNull(record.actorId),
    serviceAccountId: record.serviceAccountId?.toLowerCase() ?? null,
    action: storable(record.action),
    resource: storable(record.resource),
    resourceId: orNull(record.resourceId),
    outcome: record.outcome,
    ipAddress: orNull(record.ipAddress),
    userAgent: orNull(record.userAgent),
    requestId: orNull(record.requestId),
    traceId: orNull(record.traceId),
    tenantId: tenantId.toLowerCase(),
    metadata: withoutSecrets(record.metadata),
    occurredAt,
    personal: record.personal,
  };
}

const orNull = (text: string | null): string | null => (text === null ? null : storable(text));
