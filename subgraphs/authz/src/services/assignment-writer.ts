import { type RevocationVersions, userVersion } from '@platform/auth';
import { roleAssigned, roleRevoked } from '@platform/contracts';
import type { Outbox } from '@platform/outbox';
import { bumpVersions } from '@platform/subgraph-server/subgraph';
import { type EntityManager, In } from 'typeorm';
import { Assignment, Role } from '../entities/index.js';

/** Gives and takes roles, announces each, and makes the change count at once. Whether that is allowed is decided before; the user's subject is locked. */
export class AssignmentWriter {
  constructor(
    private readonly outbox: Outbox,
    private readonly revocations: RevocationVersions,
  ) {}

  /** @param actor who did it; the caller when left out, the platform when null. */
  async add(tx: EntityManager, userId: string, roles: readonly Role[], actor?: null): Promise<void> {
    const assigned = await this.assignedAmong(tx, userId, roles);
    const gained = roles.filter((role) => !assigned.includes(role));
    await tx.insert(
      Assignment,
      gained.map(({ id }) => ({ userId, roleId: id })),
    );
    for (const role of gained) await this.outbox.add(tx, roleAssigned, { ...announcement(userId, role), actor });
    await this.changed(tx, userId);
  }

  /** @param roles ones that the user has */
  async remove(tx: EntityManager, userId: string, roles: readonly Role[]): Promise<void> {
    await tx.delete(Assignment, { userId, roleId: In(roles.map(({ id }) => id)) });
    for (const role of roles) await this.outbox.add(tx, roleRevoked, announcement(userId, role));
    await this.changed(tx, userId);
  }

  /** The user is gone: of the roles that the transaction sees, none is left, and each is not announced. */
  async forget(tx: EntityManager, userId: string): Promise<void> {
    await tx.delete(Assignment, { userId });
    await this.changed(tx, userId);
  }

  /** Every role of the organization that the user has. */
  async assigned(tx: EntityManager, userId: string): Promise<Role[]> {
    const assigned = await tx.findBy(Assignment, { userId });
    return tx.find(Role, { where: { id: In(assigned.map(({ roleId }) => roleId)) }, order: { name: 'ASC' } });
  }

  /** Those of the roles that the user has. */
  async assignedAmong(tx: EntityManager, userId: string, roles: readonly Role[]): Promise<Role[]> {
    const assigned = await tx.findBy(Assignment, { userId, roleId: In(roles.map(({ id }) => id)) });
    return roles.filter(({ id }) => assigned.some(({ roleId }) => roleId === id));
  }

  /** Bumped for a repeated call too: the first one may have committed and then failed to make itself known. */
  private changed(tx: EntityManager, userId: string): Promise<void> {
    return bumpVersions(tx, this.revocations, [userVersion(userId)]);
  }
}

const announcement = (userId: string, { id, name }: Role) => ({ subject: id, data: { userId, roleId: id, name } });
