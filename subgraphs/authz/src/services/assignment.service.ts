import type { Caller } from '@platform/auth';
import { ServiceBusy } from '@platform/foundation/errors';
import { waitingForOthers } from '@platform/foundation/request-bounds';
import type { Database } from '@platform/postgres/database';
import type { EntityManager } from 'typeorm';
import {
  ADMIN,
  AdministratorsChanging,
  Assignment,
  assertCanGrant,
  LastAdministrator,
  type PermissionScope,
  Role,
  RolePermission,
  type Subject,
  User,
  UserNotFound,
} from '../entities/index.js';
import type { AccountDirectory } from './account-directory.js';
import type { Administrators } from './administrators.js';
import type { AssignmentWriter } from './assignment-writer.js';
import { lockRoles } from './lock-roles.js';
import type { SubjectService } from './subject.service.js';
import { systemRole } from './system-roles.js';
import type { TargetGuard } from './target-guard.js';
import { unlessContended } from './unless-contended.js';

/** Which user has which roles. Locks are taken in one order: the user, then the roles. */
export class AssignmentService {
  constructor(
    private readonly database: Database,
    private readonly writer: AssignmentWriter,
    private readonly people: {
      readonly subjects: SubjectService;
      readonly accounts: AccountDirectory;
      readonly guard: TargetGuard;
      readonly administrators: Administrators;
    },
    private readonly scope: PermissionScope,
  ) {}

  /** @throws UserNotFound, RoleNotFound, PrivilegeEscalation, ServiceBusy while the account is being changed, ServiceUnavailable */
  assign(caller: Caller, userId: string, roleIds: readonly string[]): Promise<User> {
    const attempt = async () => {
      await this.people.subjects.ensureKnown([userId.toLowerCase()]);
      return waitingForOthers(() => this.database.transaction((tx) => this.give(tx, caller, userId, roleIds)));
    };
    return unlessContended(attempt, () => new ServiceBusy());
  }

  /** @throws UserNotFound, RoleNotFound, PrivilegeEscalation, LastAdministrator, ServiceUnavailable */
  revoke(caller: Caller, userId: string, roleIds: readonly string[]): Promise<User> {
    const attempt = async () => {
      await this.people.subjects.ensureKnown([userId.toLowerCase()]);
      return waitingForOthers(() => this.database.transaction((tx) => this.take(tx, caller, userId, roleIds)));
    };
    return unlessContended(attempt, () => new LastAdministrator());
  }

  private async give(tx: EntityManager, caller: Caller, userId: string, roleIds: readonly string[]): Promise<User> {
    const subject = await this.settledSubject(tx, userId);
    const roles = await lockRoles(tx, roleIds, 'pessimistic_read');
    for (const role of roles) assertCanGrant(caller, await this.codesOf(tx, role));
    await this.people.guard.assertMayActOn(tx, caller, subject);
    await this.writer.add(tx, subject.userId, roles);
    return new User(subject.userId);
  }

  private async take(tx: EntityManager, caller: Caller, userId: string, roleIds: readonly string[]): Promise<User> {
    const subject = await this.subjectOfOrganization(tx, userId);
    const roles = await lockRoles(tx, roleIds, 'for_no_key_update');
    await this.people.guard.assertMayActOn(tx, caller, subject);
    const lost = await this.writer.assignedAmong(tx, subject.userId, roles);
    for (const role of lost) {
      if (role.isAdministrator) await this.people.administrators.assertAnotherCanSignIn(tx, role, subject.userId);
    }

    await this.writer.remove(tx, subject.userId, lost);
    return new User(subject.userId);
  }

  /** Makes the user an administrator on the platform's own behalf; one that authz does not know yet becomes known. @throws UserNotFound for a deleted one. */
  ensureAdministrator(userId: string): Promise<void> {
    return this.database.transaction(async (tx) => {
      await this.people.subjects.register(tx, userId);
      const subject = await this.people.subjects.lock(tx, userId);
      await this.writer.add(tx, subject.userId, [await systemRole(tx, ADMIN)], null);
    });
  }

  /** The users who have the role of administrators, whether or not they can sign in. */
  async administratorIds(): Promise<string[]> {
    const { id: roleId } = await systemRole(this.database.read, ADMIN);
    return (await this.database.read.findBy(Assignment, { roleId })).map(({ userId }) => userId);
  }

  /** The names of each user's roles, sorted; users without any are left out. */
  async roleNames(userIds: readonly string[]): Promise<Map<string, string[]>> {
    const rows: { userId: string; names: string[] }[] = await this.database.read.query(
      `SELECT user_id AS "userId", array_agg(name ORDER BY name) AS names
       FROM assignments JOIN roles ON roles.id = role_id WHERE user_id = ANY($1) GROUP BY user_id`,
      [userIds],
    );
    return new Map(rows.map(({ userId, names }) => [userId, names]));
  }

  /** The user, who is a member now; nobody is changing it who could not do so once the user holds more. */
  private async settledSubject(tx: EntityManager, userId: string): Promise<Subject> {
    const subject = await this.people.subjects.lock(tx, userId);
    const [account] = await this.people.accounts.states([subject.userId]);
    if (!account?.member || account.status === 'DELETED') throw new UserNotFound();
    if (account.changing) throw new AdministratorsChanging();
    return subject;
  }

  /** The user, who has a role of the organization, or is a member without any. */
  private async subjectOfOrganization(tx: EntityManager, userId: string): Promise<Subject> {
    const subject = await this.people.subjects.lock(tx, userId);
    if (await tx.existsBy(Assignment, { userId: subject.userId })) return subject;
    const members = await this.people.accounts.membersAmong([subject.userId]);
    if (!members.has(subject.userId)) throw new UserNotFound();
    return subject;
  }

  private async codesOf(tx: EntityManager, role: Role) {
    const grants = await tx.findBy(RolePermission, { roleId: role.id });
    return this.scope.permittedBy(
      role,
      grants.map(({ permission }) => permission),
    );
  }
}
