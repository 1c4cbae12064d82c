import { ServiceUnavailable } from '@platform/foundation/errors';
import type { Database } from '@platform/postgres/database';
import type { EntityManager } from 'typeorm';
import type { TenancyMode } from '../config.js';
import { ADMIN, Assignment, type Role, type Subject, USER } from '../entities/index.js';
import type { AccountDirectory } from './account-directory.js';
import type { AssignmentWriter } from './assignment-writer.js';
import { lockRolesAmong } from './lock-roles.js';
import type { SubjectService } from './subject.service.js';
import { type SystemRoles, systemRole } from './system-roles.js';

/** Roles that come and go with organizations and their members, as identity says. Each method acts in the organization, and may be repeated. */
export class MemberService {
  constructor(
    private readonly database: Database,
    private readonly systemRoles: SystemRoles,
    private readonly subjects: SubjectService,
    private readonly accounts: AccountDirectory,
    private readonly writer: AssignmentWriter,
    private readonly mode: TenancyMode,
  ) {}

  /** Makes the organization's system roles, and the user its administrator. @throws UserNotFound for a deleted one */
  establish(administratorId: string | null): Promise<void> {
    return this.database.transaction(async (tx) => {
      await this.systemRoles.ensure(tx);
      if (administratorId === null) return;
      const { userId } = await this.knownSubject(tx, administratorId);
      await this.writer.add(tx, userId, [await systemRole(tx, ADMIN)], null);
    });
  }

  /**
   * Gives a new member those of the roles that exist, or the role of users where that is none. Where there are many organizations, roles that an
   * admission left which came to nothing go. @throws UserNotFound for a deleted one
   */
  admit(memberId: string, roleIds: readonly string[]): Promise<void> {
    return this.database.transaction(async (tx) => {
      const { userId } = await this.knownSubject(tx, memberId);
      const named = await lockRolesAmong(tx, roleIds, 'pessimistic_read');
      const roles = named.length > 0 ? named : [await systemRole(tx, USER)];
      if (this.mode === 'multi') await this.removeOthers(tx, userId, roles);
      await this.writer.add(tx, userId, roles, null);
    });
  }

  /** Takes every role of the organization from the user. */
  release(userId: string): Promise<void> {
    return this.database.transaction(async (tx) => {
      const subject = await this.subjects.find(tx, userId);
      if (subject) await this.removeAll(tx, subject);
    });
  }

  /** A membership has begun. Where there are many organizations, a member without any role gets that of users. */
  async joined(tx: EntityManager, userId: string): Promise<void> {
    await this.subjects.register(tx, userId);
    if (this.mode === 'single') return;
    const subject = await this.subjects.find(tx, userId);
    if (!subject || (await tx.existsBy(Assignment, { userId }))) return;
    await this.writer.add(tx, userId, [await systemRole(tx, USER)], null);
  }

  /** A membership has ended, maybe long ago: in multi mode a user who has joined again keeps their roles. @throws ServiceUnavailable */
  async left(tx: EntityManager, userId: string): Promise<void> {
    const subject = await this.subjects.find(tx, userId);
    if (subject && !(await this.isBack(subject))) await this.removeAll(tx, subject);
  }

  /** Asked with the subject locked: who joins afterwards is given their roles afterwards. @throws ServiceUnavailable while they may be joining */
  private async isBack({ userId }: Subject): Promise<boolean> {
    if (this.mode === 'single') return false;
    const [account] = await this.accounts.states([userId]);
    if (account?.changing && !account.member) throw new ServiceUnavailable();
    return account?.member === true;
  }

  private async removeAll(tx: EntityManager, { userId }: Subject): Promise<void> {
    await this.writer.remove(tx, userId, await this.writer.assigned(tx, userId));
  }

  private async removeOthers(tx: EntityManager, userId: string, roles: readonly Role[]): Promise<void> {
    const assigned = await this.writer.assigned(tx, userId);
    const others = assigned.filter(({ id }) => roles.every((role) => role.id !== id));
    if (others.length > 0) await this.writer.remove(tx, userId, others);
  }

  private async knownSubject(tx: EntityManager, userId: string): Promise<Subject> {
    await this.subjects.register(tx, userId);
    return this.subjects.lock(tx, userId);
  }
}
