import { randomUUID } from 'node:crypto';
import { userCaller } from '@platform/auth';
import type { Harness } from './tables.js';

export const auditorOf = (harness: Harness, tenantId: string, userId: string = randomUUID()) =>
  harness.as(userCaller(userId, null, tenantId, ['audit.entry.read', 'audit.entry.record', 'audit.entry.export']), {
    'idempotency-key': randomUUID(),
  });

/** What one tenant has in audit. */
export interface AuditRows {
  readonly entryId: string;
  readonly jobId: string;
}

/** An entry and an export: rows in every table of audit that is a tenant's. */
export async function auditRowsOf(harness: Harness, tenantId: string, word: string): Promise<AuditRows> {
  const { recordAuditEntry: entry } = await auditorOf(harness, tenantId).data(
    `mutation ($input: RecordAuditEntryInput!) { recordAuditEntry(input: $input) { id } }`,
    { input: { action: 'shop.shared', resource: 'product', resourceId: word, outcome: 'SUCCESS' } },
  );
  const { exportAuditEntries: job } = await auditorOf(harness, tenantId).data(
    'mutation { exportAuditEntries(format: JSONL) { jobId } }',
  );
  await harness.sql(
    `INSERT INTO dead_letter (event_id, tenant_id, handler, envelope, reason) VALUES (gen_random_uuid(), $1, 'test', '{}', 'none')`,
    [tenantId],
  );
  await harness.sql(
    `INSERT INTO outbox (event_id, tenant_id, type, subject, envelope, published_at) VALUES (gen_random_uuid(), $1, 'test', 'x', '{}', now())`,
    [tenantId],
  );
  return { entryId: entry.id, jobId: job.jobId };
}
