import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { AuditEntry } from './audit-entry.entity.js';

const LEAF = Buffer.from([0]);

/**
 * The entry's leaf hash in a Merkle tree after RFC 6962: SHA-256 of a zero byte and the entry as canonical JSON (RFC 8785), in hex.
 * The JSON object has exactly these members: id, sequence, actorId, action, resource, resourceId, outcome, ipAddress, userAgent,
 * requestId, traceId, tenantId, metadata, occurredAt, recordedAt. The sequence is a decimal string, points in time are
 * RFC 3339 in UTC with milliseconds (`2026-01-31T12:00:00.000Z`), and what is absent is null.
 */
export function leafHash(entry: Omit<AuditEntry, 'leafHash'>): string {
  const leaf = canonicalize({
    id: entry.id,
    sequence: entry.sequence,
    actorId: entry.actorId,
    action: entry.action,
    resource: entry.resource,
    resourceId: entry.resourceId,
    outcome: entry.outcome,
    ipAddress: entry.ipAddress,
    userAgent: entry.userAgent,
    requestId: entry.requestId,
    traceId: entry.traceId,
    tenantId: entry.tenantId,
    metadata: entry.metadata,
    occurredAt: entry.occurredAt.toISOString(),
    recordedAt: entry.recordedAt.toISOString(),
  });
  return createHash('sha256').update(LEAF).update(leaf as string).digest('hex');
}
