import { randomUUID } from 'node:crypto';
import { userCaller } from '@platform/auth';
import { permissions } from '@platform/contracts';
import type { Harness } from './tables.js';

/** What one tenant has in authz. */
export interface AuthzRows {
  readonly roleId: string;
  readonly userId: string;
}

/** Somebody of the tenant who holds every permission. */
export const administratorOf = (harness: Harness, tenantId: string, userId: string = randomUUID()) =>
  harness.as(userCaller(userId, null, tenantId, Object.keys(permissions)), { 'idempotency-key': randomUUID() });

/** A role named `shared`, of which a user who may sign in is the only holder: rows in every table of authz. */
export async function authzRowsOf(harness: Harness, tenantId: string): Promise<AuthzRows> {
  const userId = randomUUID();
  const { createRole: role } = await administratorOf(harness, tenantId).data(
    'mutation { createRole(input: { name: "shared", permissions: ["audit.entry.read"] }) { id } }',
  );
  await harness.sql(`INSERT INTO subjects (user_id, account_status) VALUES ($1, 'ACTIVE')`, [userId]);
  await harness.sql('INSERT INTO assignments (user_id, role_id, tenant_id) VALUES ($1, $2, $3)', [
    userId,
    role.id,
    tenantId,
  ]);
  await harness.sql(`INSERT INTO default_grants (role_id, permission, tenant_id) VALUES ($1, 'blog.post.read', $2)`, [
    role.id,
    tenantId,
  ]);
  await harness.sql(
    `INSERT INTO dead_letter (event_id, tenant_id, handler, envelope, reason) VALUES (gen_random_uuid(), $1, 'test', '{}', 'none')`,
    [tenantId],
  );
  const account = randomUUID();
  await harness.sql('INSERT INTO service_accounts (id, tenant_id) VALUES ($1, $2)', [account, tenantId]);
  await harness.sql('INSERT INTO service_account_roles (service_account_id, role_id, tenant_id) VALUES ($1, $2, $3)', [
    account,
    role.id,
    tenantId,
  ]);
  return { roleId: role.id, userId };
}
