import { type Caller, type RevocationVersions, serviceAccountVersion } from '@platform/auth';
import { serviceAccountRoleAssigned, serviceAccountRoleRevoked } from '@platform/contracts';
import type { Outbox } from '@platform/outbox';
import type { Database } from '@platform/postgres/database';
import { bumpVersions } from '@platform/subgraph-server/subgraph';
import { type EntityManager, In } from 'typeorm';
import { validate as isUuid } from 'uuid';
import {
  assertCanGrant,
  GUEST,
  type PermissionScope,
  Role,
  RolePermission,
  ServiceAccount,
  ServiceAccountNotFound,
  ServiceAccountRole,
} from '../entities/index.js';
import { lockRoles, lockRolesAmong } from './lock-roles.js';

/** Which service account has which roles. Locks are taken in one order: the service account, then the roles. */
export class ServiceAccountService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly revocations: RevocationVersions,
    private readonly scope: PermissionScope,
  ) {}

  /** Identity has made it for somebody who may give it these roles; those that are gone are left out. May be repeated. */
  admit(id: string, roleIds: readonly string[]): Promise<void> {
    return this.database.transaction(async (tx) => {
      await tx.createQueryBuilder().insert().into(ServiceAccount).values({ id }).orIgnore().execute();
      await this.lock(tx, id);
      await this.add(tx, id, await lockRolesAmong(tx, roleIds, 'pessimistic_read'));
    });
  }

  /** It is gone, and with it what it held. May be repeated. */
  release(id: string): Promise<void> {
    return this.database.transaction((tx) => this.forget(tx, id));
  }

  /** The same within the transaction. */
  async forget(tx: EntityManager, id: string): Promise<void> {
    if (!isUuid(id)) return;
    await tx.delete(ServiceAccount, { id });
    await this.changed(tx, id);
  }

  /** @throws ServiceAccountNotFound, RoleNotFound, PrivilegeEscalation */
  assign(caller: Caller, id: string, roleIds: readonly string[]): Promise<ServiceAccount> {
    return this.database.transaction(async (tx) => {
      const account = await this.lock(tx, id);
      const roles = await lockRoles(tx, roleIds, 'pessimistic_read');
      for (const role of roles) assertCanGrant(caller, await this.codesOf(tx, [role]));
      await this.assertMayActOn(tx, caller, account);
      await this.add(tx, account.id, roles);
      return account;
    });
  }

  /** @throws ServiceAccountNotFound, RoleNotFound, PrivilegeEscalation */
  revoke(caller: Caller, id: string, roleIds: readonly string[]): Promise<ServiceAccount> {
    return this.database.transaction(async (tx) => {
      const account = await this.lock(tx, id);
      const roles = await lockRoles(tx, roleIds, 'pessimistic_read');
      await this.assertMayActOn(tx, caller, account);
      const lost = await this.heldAmong(tx, account.id, roles);
      await tx.delete(ServiceAccountRole, { serviceAccountId: account.id, roleId: In(lost.map((role) => role.id)) });
      for (const role of lost) await this.announce(tx, serviceAccountRoleRevoked, account.id, role);
      await this.changed(tx, account.id);
      return account;
    });
  }

  /** Whether somebody may have the service account act as they please: they hold all that it holds. @throws ServiceAccountNotFound, PrivilegeEscalation */
  mayActAs(caller: Caller, id: string): Promise<void> {
    return this.database.transaction(async (tx) => this.assertMayActOn(tx, caller, await this.lock(tx, id)));
  }

  private async assertMayActOn(tx: EntityManager, caller: Caller, { id }: ServiceAccount): Promise<void> {
    if (caller.serviceAccountId === id) return;
    const held = await tx.findBy(ServiceAccountRole, { serviceAccountId: id });
    const roles = await tx.find(Role, { where: [{ id: In(held.map(({ roleId }) => roleId)) }, { name: GUEST }] });
    const everyones = await this.codesOf(
      tx,
      roles.filter(({ name }) => name === GUEST),
    );
    const own = await this.codesOf(
      tx,
      roles.filter(({ name }) => name !== GUEST),
    );
    assertCanGrant(
      caller,
      own.filter((code) => !everyones.includes(code)),
    );
  }

  private async codesOf(tx: EntityManager, roles: readonly Role[]) {
    const granted = await tx.findBy(RolePermission, { roleId: In(roles.map(({ id }) => id)) });
    const codes = roles.flatMap((role) =>
      this.scope.permittedBy(
        role,
        granted.filter(({ roleId }) => roleId === role.id).map(({ permission }) => permission),
      ),
    );
    return [...new Set(codes)].sort();
  }

  private async add(tx: EntityManager, id: string, roles: readonly Role[]): Promise<void> {
    const held = await this.heldAmong(tx, id, roles);
    const gained = roles.filter((role) => !held.includes(role));
    await tx.insert(
      ServiceAccountRole,
      gained.map((role) => ({ serviceAccountId: id, roleId: role.id })),
    );
    for (const role of gained) await this.announce(tx, serviceAccountRoleAssigned, id, role);
    await this.changed(tx, id);
  }

  private async heldAmong(tx: EntityManager, id: string, roles: readonly Role[]): Promise<Role[]> {
    const roleIds = In(roles.map((role) => role.id));
    const held = await tx.findBy(ServiceAccountRole, { serviceAccountId: id, roleId: roleIds });
    return roles.filter((role) => held.some(({ roleId }) => roleId === role.id));
  }

  /** Kept from being given or losing roles until the transaction ends. @throws ServiceAccountNotFound, also for another organization's */
  private async lock(tx: EntityManager, id: string): Promise<ServiceAccount> {
    const lock = { mode: 'for_no_key_update' } as const;
    const account = isUuid(id) ? await tx.findOne(ServiceAccount, { where: { id }, lock }) : null;
    if (!account) throw new ServiceAccountNotFound();
    return account;
  }

  private announce(
    tx: EntityManager,
    event: typeof serviceAccountRoleAssigned,
    serviceAccountId: string,
    { id: roleId, name }: Role,
  ): Promise<void> {
    return this.outbox.add(tx, event, { subject: serviceAccountId, data: { serviceAccountId, roleId, name } });
  }

  /** Bumped for a repeated call too: the first one may have committed and then failed to make itself known. */
  private changed(tx: EntityManager, id: string): Promise<void> {
    return bumpVersions(tx, this.revocations, [serviceAccountVersion(id)]);
  }
}
