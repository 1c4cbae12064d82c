import { type Caller, type RevocationVersions, tenantVersion } from '@platform/auth';
import { permissionGranted, permissionRevoked } from '@platform/contracts';
import type { EventDefinition } from '@platform/events';
import type { Clock } from '@platform/foundation/clock';
import type { Outbox } from '@platform/outbox';
import { type Database, updateLocked } from '@platform/postgres/database';
import { actingTenant } from '@platform/postgres/tenancy';
import { bumpVersions } from '@platform/subgraph-server/subgraph';
import { type EntityManager, In } from 'typeorm';
import {
  assertCanGrant,
  knownCodes,
  type PermissionScope,
  type Role,
  RolePermission,
  SystemRoleProtected,
} from '../entities/index.js';
import { lockRole } from './lock-roles.js';
import type { TargetGuard } from './target-guard.js';

/** What a role permits. */
export class GrantService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly revocations: RevocationVersions,
    private readonly rules: { readonly guard: TargetGuard; readonly scope: PermissionScope },
    private readonly clock: Clock,
  ) {}

  /** The administrator's role permits everything already. @throws UnknownPermission, PlatformPermission, PrivilegeEscalation, RoleNotFound */
  grant(caller: Caller, roleId: string, permissions: readonly string[]): Promise<Role> {
    const codes = knownCodes(permissions);
    this.rules.scope.assertCovers(actingTenant(), codes);
    assertCanGrant(caller, codes);

    return this.database.transaction(async (tx) => {
      const role = await lockRole(tx, roleId);
      if (role.isAdministrator) return role;

      const granted = await this.grantedAmong(tx, role, codes);
      const missing = codes.filter((code) => !granted.includes(code));
      await tx.insert(
        RolePermission,
        missing.map((permission) => ({ roleId: role.id, permission })),
      );
      return this.changed(tx, role, permissionGranted, missing);
    });
  }

  /** @throws UnknownPermission, PrivilegeEscalation, RoleNotFound, SystemRoleProtected for the administrator's role */
  revoke(caller: Caller, roleId: string, permissions: readonly string[]): Promise<Role> {
    const codes = knownCodes(permissions);
    assertCanGrant(caller, codes);

    return this.database.transaction(async (tx) => {
      const role = await lockRole(tx, roleId);
      if (role.isAdministrator) throw new SystemRoleProtected('The administrator’s role permits everything.');

      const lost = await this.grantedAmong(tx, role, codes);
      await this.rules.guard.assertMayTakeFromHolders(tx, caller, role, lost);
      await tx.delete(RolePermission, { roleId: role.id, permission: In(lost) });
      return this.changed(tx, role, permissionRevoked, lost);
    });
  }

  private async grantedAmong(tx: EntityManager, role: Role, codes: readonly string[]): Promise<string[]> {
    const grants = await tx.findBy(RolePermission, { roleId: role.id, permission: In(codes) });
    return grants.map(({ permission }) => permission).sort();
  }

  /** Versions are bumped for a repeated call too: the first one may have committed and then failed to make itself known. */
  private async changed(
    tx: EntityManager,
    role: Role,
    event: EventDefinition<{ roleId: string; permissions: string[] }>,
    permissions: string[],
  ): Promise<Role> {
    await bumpVersions(tx, this.revocations, [tenantVersion(actingTenant())]);
    if (permissions.length === 0) return role;

    await updateLocked(tx, role, () => {
      role.updatedAt = this.clock.now();
    });
    await this.outbox.add(tx, event, { subject: role.id, data: { roleId: role.id, permissions } });
    return role;
  }
}
