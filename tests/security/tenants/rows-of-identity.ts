import { randomUUID } from 'node:crypto';
import { userCaller } from '@platform/auth';
import type { Harness } from './tables.js';

/** An account that somebody of the tenant made: rows in every table of identity that is a tenant's. */
export async function identityRowsOf(harness: Harness, tenantId: string, word: string): Promise<void> {
  const caller = userCaller(randomUUID(), null, tenantId, ['identity.user.create']);
  await harness
    .as(caller, { 'idempotency-key': randomUUID() })
    .data('mutation ($email: String!) { createUser(input: { email: $email }) { id } }', {
      email: `${word}@example.com`,
    });
  await harness.sql(
    `INSERT INTO organizations (id, name, slug, created_at, updated_at) VALUES ($1, $2, $2, now(), now()) ON CONFLICT DO NOTHING`,
    [tenantId, word],
  );
  await harness.sql(
    `INSERT INTO memberships (id, tenant_id, user_id, joined_at)
     SELECT gen_random_uuid(), $1, id, now() FROM users WHERE email = $2 ON CONFLICT DO NOTHING`,
    [tenantId, `${word}@example.com`],
  );
  await harness.sql(
    `INSERT INTO invitations (id, tenant_id, email, role_ids, created_at, sent_at, expires_at)
     VALUES (gen_random_uuid(), $1, $2, '{}', now(), now(), 'infinity')`,
    [tenantId, `${word}@example.org`],
  );
  await harness.sql(
    `WITH account AS (
       INSERT INTO service_accounts (id, tenant_id, name, created_at, updated_at)
       VALUES (gen_random_uuid(), $1, 'Deployments', now(), now()) RETURNING id
     )
     INSERT INTO api_keys (id, tenant_id, service_account_id, name, prefix, secret_hash, scopes, created_at)
     SELECT gen_random_uuid(), $1, id, 'First', 'plt_00000000', decode(md5($2), 'hex'), '{}', now() FROM account`,
    [tenantId, word],
  );
  await harness.sql(
    `INSERT INTO dead_letter (event_id, tenant_id, handler, envelope, reason) VALUES (gen_random_uuid(), $1, 'test', '{}', 'none')`,
    [tenantId],
  );
  await harness.sql(
    `INSERT INTO mail_queue (event_id, tenant_id, handler, envelope, due_at) VALUES (gen_random_uuid(), $1, 'test', '{}', 'infinity')`,
    [tenantId],
  );
}
