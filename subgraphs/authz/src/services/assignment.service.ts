import { roleAssigned, roleRevoked } from '@platform/contracts';
import { type Caller, raiseVersions, userVersion, type VersionStamps } from '@platform/kernel/auth';
import type { Database } from '@platform/kernel/database';
import type { Outbox } from '@platform/kernel/events';
import { type EntityManager, In, IsNull, Not } from 'typeorm';
import { validate as isUuid } from 'uuid';
import {
  ADMIN,
  Assignment,
  LastAdministrator,
  Role,
  RolePermission,
  requireHeld,
  Subject,
  User,
  UserNotFound,
} from '../entities/index.js';
import { lockRoles } from './lock-roles.js';
import type { SubjectService } from './subject.service.js';

/** Which user has which roles. Locks are taken in one order: the user, then the roles. */
export class AssignmentService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly stamps: VersionStamps,
    private readonly subjects: SubjectService,
  ) {}

  /** @throws UserNotFound, RoleNotFound, PermissionNotHeld */
  assign(caller: Caller, userId: string, roleIds: readonly string[]): Promise<User> {
    return this.database.transaction(async (tx) => {
      const subject = await this.lockSubject(tx, userId);
      const roles = await lockRoles(tx, roleIds, 'pessimistic_read');
      for (const role of roles) requireHeld(caller, await this.codesOf(tx, role));
      return this.add(tx, subject, roles);
    });
  }

  /** @throws UserNotFound, RoleNotFound, LastAdministrator */
  revoke(userId: string, roleIds: readonly string[]): Promise<User> {
    return this.database.transaction(async (tx) => {
      const subject = await this.lockSubject(tx, userId);
      const roles = await lockRoles(tx, roleIds, 'for_no_key_update');
      const lost = await this.heldAmong(tx, subject, roles);
      for (const role of lost) if (role.isAdministrator) await this.requireAnotherHolder(tx, role, subject);

      await tx.delete(Assignment, { userId: subject.userId, roleId: In(lost.map(({ id }) => id)) });
      for (const role of lost) await this.outbox.add(tx, roleRevoked, announcement(subject, role));
      return this.changed(tx, subject);
    });
  }

  /** Makes the user an administrator on the platform's own behalf; one that authz does not know yet becomes known. @throws UserNotFound for a deleted one. */
  ensureAdministrator(userId: string): Promise<void> {
    return this.database.transaction(async (tx) => {
      await this.subjects.register(tx, userId);
      const subject = await this.lockSubject(tx, userId);
      await this.add(tx, subject, [await tx.findOneByOrFail(Role, { name: ADMIN })], null);
    });
  }

  /** @param actor who did it; the caller when left out, the platform when null. */
  private async add(tx: EntityManager, subject: Subject, roles: readonly Role[], actor?: null): Promise<User> {
    const { userId } = subject;
    const held = await this.heldAmong(tx, subject, roles);
    const gained = roles.filter((role) => !held.includes(role));
    await tx.insert(
      Assignment,
      gained.map(({ id }) => ({ userId, roleId: id })),
    );
    for (const role of gained) await this.outbox.add(tx, roleAssigned, { ...announcement(subject, role), actor });
    return this.changed(tx, subject);
  }

  /** Raised for a repeated call too: the first one may have committed and then failed to make itself known. */
  private async changed(tx: EntityManager, { userId }: Subject): Promise<User> {
    await raiseVersions(tx, this.stamps, [userVersion(userId)]);
    return new User(userId);
  }

  private async lockSubject(tx: EntityManager, userId: string): Promise<Subject> {
    if (!isUuid(userId)) throw new UserNotFound();
    const subject = await tx.findOne(Subject, {
      where: { userId, deletedAt: IsNull() },
      lock: { mode: 'for_no_key_update' },
    });
    if (!subject) throw new UserNotFound();
    return subject;
  }

  private async heldAmong(tx: EntityManager, { userId }: Subject, roles: readonly Role[]): Promise<Role[]> {
    const held = await tx.findBy(Assignment, { userId, roleId: In(roles.map(({ id }) => id)) });
    return roles.filter(({ id }) => held.some(({ roleId }) => roleId === id));
  }

  private async codesOf(tx: EntityManager, role: Role) {
    const grants = await tx.findBy(RolePermission, { roleId: role.id });
    return role.permits(grants.map(({ permission }) => permission));
  }

  /** The lock on the role makes those wait who take it from the others at the same time. */
  private async requireAnotherHolder(tx: EntityManager, role: Role, { userId }: Subject): Promise<void> {
    if (!(await tx.existsBy(Assignment, { roleId: role.id, userId: Not(userId) }))) throw new LastAdministrator();
  }
}

const announcement = ({ userId }: Subject, { id, name }: Role) => ({
  subject: id,
  data: { userId, roleId: id, name },
});
