import { type Caller, type RevocationVersions, tenantVersion } from '@platform/auth';
import { permissionGranted, roleCreated, roleDeleted, roleUpdated } from '@platform/contracts';
import type { Clock } from '@platform/foundation/clock';
import type { Outbox } from '@platform/outbox';
import { type Database, isUniqueViolation, updateLocked } from '@platform/postgres/database';
import { actingTenant, eraseTenantRows } from '@platform/postgres/tenancy';
import { type Page, type PageArguments, paginate } from '@platform/subgraph-server/graphql';
import { bumpVersions } from '@platform/subgraph-server/subgraph';
import { type EntityManager, In } from 'typeorm';
import { validate as isUuid } from 'uuid';
import {
  assertCanGrant,
  knownCodes,
  type PermissionScope,
  Role,
  type RoleDetails,
  RoleNameTaken,
  RoleNotFound,
  RolePermission,
  SystemRoleProtected,
} from '../entities/index.js';
import { lockRole } from './lock-roles.js';
import type { TargetGuard } from './target-guard.js';

/** What a new role is to be. */
export interface NewRole extends RoleDetails {
  readonly name: string;
  readonly permissions?: readonly string[] | null;
}

/** Which roles there are. */
export class RoleService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly revocations: RevocationVersions,
    private readonly rules: { readonly guard: TargetGuard; readonly scope: PermissionScope },
    private readonly clock: Clock,
  ) {}

  byName(name: string): Promise<Role | null> {
    return this.database.read.findOneBy(Role, { name });
  }

  page(args: PageArguments): Promise<Page<Role>> {
    return paginate(
      this.database.read.createQueryBuilder(Role, 'role'),
      { columns: ['role.name', 'role.id'], direction: 'ASC', valuesOf: ({ name, id }) => [name, id] },
      args,
    );
  }

  /** @throws BadUserInput, RoleNameTaken, UnknownPermission, PlatformPermission, PrivilegeEscalation */
  create(caller: Caller, { permissions, ...details }: NewRole): Promise<Role> {
    const role = Role.create(details, this.clock.now());
    const codes = knownCodes(permissions ?? []);
    this.rules.scope.assertCovers(actingTenant(), codes);
    assertCanGrant(caller, codes);

    return this.database.transaction(async (tx) => {
      await tx.insert(Role, role).catch(nameTaken(role));
      await this.outbox.add(tx, roleCreated, announcement(role));
      if (codes.length > 0) {
        await tx.insert(
          RolePermission,
          codes.map((permission) => ({ roleId: role.id, permission })),
        );
        const data = { roleId: role.id, permissions: codes };
        await this.outbox.add(tx, permissionGranted, { subject: role.id, data });
      }
      return role;
    });
  }

  /** @throws RoleNotFound, SystemRoleProtected, BadUserInput, RoleNameTaken */
  update(roleId: string, details: RoleDetails): Promise<Role> {
    return this.database.transaction(async (tx) => {
      const role = await lockRole(tx, roleId);
      const change = updateLocked(tx, role, () => role.change(details, this.clock.now()));
      if (!(await change.catch(nameTaken(role)))) return role;

      await this.outbox.add(tx, roleUpdated, announcement(role));
      return role;
    });
  }

  /** The names of the roles, for a caller who wants to give them to a future member. @throws RoleNotFound, PrivilegeEscalation */
  async assignable(caller: Caller, roleIds: readonly string[]): Promise<string[]> {
    const { read } = this.database;
    const ids = [...new Set(roleIds.map((id) => id.toLowerCase()))];
    const roles = ids.every((id) => isUuid(id)) ? await read.findBy(Role, { id: In(ids) }) : [];
    if (roles.length < ids.length) throw new RoleNotFound();
    const granted = await read.findBy(RolePermission, { roleId: In(ids) });
    for (const role of roles) {
      const codes = granted.filter(({ roleId }) => roleId === role.id).map(({ permission }) => permission);
      assertCanGrant(caller, this.rules.scope.permittedBy(role, codes));
    }
    return roles.map(({ name }) => name).sort();
  }

  /** The organization that is acted for is gone: so is everything about its roles. */
  async erase(tx: EntityManager): Promise<void> {
    await eraseTenantRows(tx);
    await bumpVersions(tx, this.revocations, [tenantVersion(actingTenant())]);
  }

  /** Takes the role from everyone who has it. @throws RoleNotFound, SystemRoleProtected, PrivilegeEscalation */
  delete(caller: Caller, roleId: string): Promise<void> {
    return this.database.transaction(async (tx) => {
      const role = await lockRole(tx, roleId);
      if (role.system) throw new SystemRoleProtected('A system role cannot be deleted.');
      const granted = await tx.findBy(RolePermission, { roleId: role.id });
      const codes = this.rules.scope.permittedBy(
        role,
        granted.map(({ permission }) => permission),
      );
      assertCanGrant(caller, codes);
      await this.rules.guard.assertMayTakeFromHolders(tx, caller, role, codes);

      await tx.delete(Role, { id: role.id });
      await this.outbox.add(tx, roleDeleted, announcement(role));
      await bumpVersions(tx, this.revocations, [tenantVersion(actingTenant())]);
    });
  }
}

const announcement = ({ id, name }: Role) => ({ subject: id, data: { roleId: id, name } });

const nameTaken =
  ({ name }: Role) =>
  (error: unknown): never => {
    throw isUniqueViolation(error, 'roles_name') ? new RoleNameTaken(name) : error;
  };
