import { permissionGranted, roleCreated } from '@platform/contracts';
import type { Clock } from '@platform/foundation/clock';
import { ServiceUnavailable } from '@platform/foundation/errors';
import type { Part } from '@platform/foundation/lifecycle';
import type { Outbox } from '@platform/outbox';
import type { Database } from '@platform/postgres/database';
import type { EntityManager } from 'typeorm';
import { Role, RolePermission, systemRoles } from '../entities/index.js';

/** Sees to it that the platform's own roles exist before anything is answered. What administrators made of them since then stays. */
export class SystemRoles implements Part {
  readonly name = 'system-roles';

  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  start(): Promise<void> {
    return this.ensure();
  }

  /** Makes those roles that are missing, with their first grants. Any number of processes may do so at a time. */
  ensure(): Promise<void> {
    return this.database.transaction(async (tx) => {
      for (const { permissions, ...details } of systemRoles) {
        const role = Role.create({ ...details, system: true }, this.clock.now());
        if (await this.inserted(tx, role)) await this.announce(tx, role, permissions);
      }
    });
  }

  private async inserted(tx: EntityManager, role: Role): Promise<boolean> {
    const { raw } = await tx.createQueryBuilder().insert().into(Role).values(role).orIgnore().returning('id').execute();
    return raw.length > 0;
  }

  private async announce(tx: EntityManager, { id, name }: Role, permissions: readonly string[]): Promise<void> {
    await this.outbox.add(tx, roleCreated, { subject: id, data: { roleId: id, name }, actor: null });
    if (permissions.length === 0) return;
    await tx.insert(
      RolePermission,
      permissions.map((permission) => ({ roleId: id, permission })),
    );
    await this.outbox.add(tx, permissionGranted, {
      subject: id,
      data: { roleId: id, permissions: [...permissions] },
      actor: null,
    });
  }
}

/** One of the platform's own roles. @throws ServiceUnavailable where somebody took it out of the database: the next start makes it anew. */
export async function systemRole(tx: EntityManager, name: string): Promise<Role> {
  const role = await tx.findOneBy(Role, { name });
  if (!role) throw new ServiceUnavailable();
  return role;
}
