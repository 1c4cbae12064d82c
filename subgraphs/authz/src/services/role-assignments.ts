import type { PermissionCode } from '@platform/auth';
import type { Database } from '@platform/postgres/database';
import { ADMIN, GUEST, type PermissionScope } from '../entities/index.js';

/** What one role gives to somebody who has it. */
export interface AssignedRole {
  readonly name: string;
  readonly codes: readonly PermissionCode[];
}

/** What a user holds: by their roles, and by that of guests, which everybody has. Whoever is unknown or deleted holds nothing. */
export interface RoleAssignments {
  /** `unchecked`: identity has not been asked yet whether they are active or locked. */
  readonly subject: 'unknown' | 'unchecked' | 'active' | 'locked' | 'deleted';
  readonly roles: readonly AssignedRole[];
}

/** What the user holds now, in one statement. */
export async function roleAssignmentsOfUser(
  { read }: Database,
  scope: PermissionScope,
  userId: string,
): Promise<RoleAssignments> {
  const rows: (StoredRole & { deleted: boolean; status: 'ACTIVE' | 'LOCKED' | null })[] = await read.query(
    `SELECT subject.deleted_at IS NOT NULL AS deleted, subject.account_status AS status, role.name,
       role.tenant_id AS "tenantId", array_agg(granted.permission) AS codes
     FROM subjects subject
     LEFT JOIN roles role ON role.name = $2
       OR role.id IN (SELECT role_id FROM assignments WHERE user_id = subject.user_id)
     LEFT JOIN role_permissions granted ON granted.role_id = role.id
     WHERE subject.user_id = $1
     GROUP BY subject.user_id, role.id
     ORDER BY role.name`,
    [userId, GUEST],
  );
  const [first] = rows;
  if (!first) return { subject: 'unknown', roles: [] };
  if (first.deleted) return { subject: 'deleted', roles: [] };
  return {
    subject: SUBJECTS[first.status ?? 'null'],
    roles: rows.filter(({ name }) => name !== null).map((row) => assignedRole(scope, row)),
  };
}

const SUBJECTS = { ACTIVE: 'active', LOCKED: 'locked', null: 'unchecked' } as const;

/** What everyone holds who has not signed in, in one statement. */
export async function roleAssignmentsOfGuests(
  { read }: Database,
  scope: PermissionScope,
): Promise<readonly AssignedRole[]> {
  const rows: StoredRole[] = await read.query(
    `SELECT role.name, role.tenant_id AS "tenantId", array_agg(granted.permission) AS codes
     FROM roles role LEFT JOIN role_permissions granted ON granted.role_id = role.id
     WHERE role.name = $1 GROUP BY role.id`,
    [GUEST],
  );
  return rows.map((row) => assignedRole(scope, row));
}

/** What a service account holds now, the role of guests among it; nothing for one that authz does not know here. */
export async function roleAssignmentsOfServiceAccount(
  { read }: Database,
  scope: PermissionScope,
  serviceAccountId: string,
): Promise<readonly AssignedRole[]> {
  const rows: StoredRole[] = await read.query(
    `SELECT role.name, role.tenant_id AS "tenantId", array_agg(granted.permission) AS codes
     FROM service_accounts account
     JOIN roles role ON role.name = $2
       OR role.id IN (SELECT role_id FROM service_account_roles WHERE service_account_id = account.id)
     LEFT JOIN role_permissions granted ON granted.role_id = role.id
     WHERE account.id = $1 GROUP BY role.id ORDER BY role.name`,
    [serviceAccountId, GUEST],
  );
  return rows.map((row) => assignedRole(scope, row));
}

/** Every code that at least one of the roles permits, sorted. */
export const union = (roles: readonly AssignedRole[]): PermissionCode[] =>
  [...new Set(roles.flatMap(({ codes }) => codes))].sort();

interface StoredRole {
  readonly name: string;
  readonly tenantId: string;
  /** A lone null when nothing is granted. */
  readonly codes: readonly (string | null)[];
}

const assignedRole = (scope: PermissionScope, { name, tenantId, codes }: StoredRole): AssignedRole => {
  const granted = codes.filter((code) => code !== null);
  return { name, codes: scope.permittedBy({ isAdministrator: name === ADMIN, tenantId }, granted) };
};
