import type { Caller } from '@platform/auth';
import { waitingForOthers } from '@platform/foundation/request-bounds';
import type { Database } from '@platform/postgres/database';
import { withTenant } from '@platform/postgres/tenancy';
import { type EntityManager, In } from 'typeorm';
import { validate as isUuid } from 'uuid';
import {
  ADMIN,
  Assignment,
  assertCanGrant,
  GUEST,
  type PermissionScope,
  Role,
  RolePermission,
  type Subject,
} from '../entities/index.js';
import type { Administrators } from './administrators.js';
import { lockRoles } from './lock-roles.js';
import type { SubjectService } from './subject.service.js';
import { systemRole } from './system-roles.js';

/** A change of an account. */
export interface AccountChange {
  /** Whether the user cannot sign in any more afterwards. */
  readonly endsSignIn: boolean;
  /** Where they cannot act any more then; what is no id counts for nothing. */
  readonly organizationIds: readonly string[];
}

/** Decides who may act on whom: nobody acts on people who hold what they do not hold themselves. Everybody may act on themself. */
export class TargetGuard {
  constructor(
    private readonly database: Database,
    private readonly subjects: SubjectService,
    private readonly administrators: Administrators,
    private readonly scope: PermissionScope,
  ) {}

  /**
   * Identity asks while it holds the user's row, and changes them only after this returns.
   * @throws UserNotFound, PrivilegeEscalation, LastAdministrator, AdministratorsChanging, ServiceUnavailable
   */
  async mayChange(caller: Caller, userId: string, { endsSignIn, organizationIds }: AccountChange): Promise<void> {
    const left = endsSignIn ? distinctIds(organizationIds) : [];
    await this.decide(async (tx) => {
      await this.subjects.register(tx, userId);
      const subject = await this.subjects.lock(tx, userId);
      await this.assertMayActOn(tx, caller, subject);
      if (left.includes(caller.tenantId)) await this.assertNotLastAdministrator(tx, subject);
    });
    for (const organizationId of left.filter((id) => id !== caller.tenantId)) {
      await withTenant(organizationId, () =>
        this.decide(async (tx) => this.assertNotLastAdministrator(tx, await this.subjects.lock(tx, userId))),
      );
    }
  }

  private decide(decision: (tx: EntityManager) => Promise<void>): Promise<void> {
    return waitingForOthers(() => this.database.transaction(decision));
  }

  private async assertNotLastAdministrator(tx: EntityManager, { userId }: Subject): Promise<void> {
    const administrator = await systemRole(tx, ADMIN);
    if (!(await tx.existsBy(Assignment, { userId, roleId: administrator.id }))) return;
    await lockRoles(tx, [administrator.id], 'for_no_key_update');
    await this.administrators.assertAnotherCanSignIn(tx, administrator, userId);
  }

  /** @param subject locked, so that no role is given to them meanwhile. @throws PrivilegeEscalation */
  async assertMayActOn(tx: EntityManager, caller: Caller, { userId }: Subject): Promise<void> {
    if (caller.userId === userId) return;
    const held = await tx.find(Assignment, { select: { roleId: true }, where: { userId } });
    const roleIds = held.map(({ roleId }) => roleId);
    const roles = await tx.find(Role, { where: [{ id: In(roleIds) }, { name: GUEST }] });
    const granted = await tx.findBy(RolePermission, { roleId: In(roles.map(({ id }) => id)) });
    const codesOf = (role: Role) =>
      this.scope.permittedBy(
        role,
        granted.filter(({ roleId }) => roleId === role.id).map(({ permission }) => permission),
      );
    const everyones = new Set(roles.filter(({ name }) => name === GUEST).flatMap(codesOf));
    const theirs = new Set(roles.filter(({ id }) => roleIds.includes(id)).flatMap(codesOf));
    assertCanGrant(caller, [...theirs].filter((code) => !everyones.has(code)).sort());
  }

  /**
   * Comes before a role loses permissions, or is deleted. Whoever loses none of them, because another role permits it too, is not
   * acted on. @param role locked for a change. @throws PrivilegeEscalation
   */
  async assertMayTakeFromHolders(
    tx: EntityManager,
    caller: Caller,
    role: Role,
    codes: readonly string[],
  ): Promise<void> {
    const rows: { permission: string }[] = await tx.query(HELD_BY_LOSERS, [
      role.id,
      caller.userId,
      this.scope.permittedBy(role, codes),
      [...caller.permissions],
      ADMIN,
      GUEST,
    ]);
    assertCanGrant(
      caller,
      this.scope.permittedBy(
        role,
        rows.map(({ permission }) => permission),
      ),
    );
  }
}

/** Each once, in one order whoever asks. */
const distinctIds = (ids: readonly string[]): string[] =>
  [...new Set(ids.filter((id) => isUuid(id)).map((id) => id.toLowerCase()))].sort();

/** What those hold who would lose something, without what the caller holds. Administrators lose nothing; everybody has the role of guests. */
const HELD_BY_LOSERS = `
  WITH guest AS (SELECT id FROM roles WHERE name = $6),
  losing AS (
    SELECT user_id FROM assignments WHERE role_id = $1
    UNION SELECT user_id FROM subjects WHERE deleted_at IS NULL AND $1 = (SELECT id FROM guest)
  )
  SELECT DISTINCT granted.permission
  FROM role_permissions granted
  JOIN assignments other ON other.role_id = granted.role_id
  JOIN losing ON losing.user_id = other.user_id
  WHERE granted.permission <> ALL ($4::text[])
    AND losing.user_id IS DISTINCT FROM $2::uuid
    AND NOT EXISTS (
      SELECT 1 FROM assignments a JOIN roles r ON r.id = a.role_id WHERE a.user_id = losing.user_id AND r.name = $5
    )
    AND EXISTS (
      SELECT 1 FROM unnest($3::text[]) AS code
      WHERE NOT EXISTS (
        SELECT 1 FROM role_permissions g
        WHERE g.permission = code AND g.role_id <> $1 AND (
          g.role_id = (SELECT id FROM guest)
          OR EXISTS (SELECT 1 FROM assignments a WHERE a.user_id = losing.user_id AND a.role_id = g.role_id)
        )
      )
    )`;
