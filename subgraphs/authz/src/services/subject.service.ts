import type { Clock } from '@platform/foundation/clock';
import { waitingForOthers } from '@platform/foundation/request-bounds';
import type { Database } from '@platform/postgres/database';
import { acrossTenants } from '@platform/postgres/tenancy';
import { type EntityManager, In, IsNull } from 'typeorm';
import { validate as isUuid } from 'uuid';
import type { TenancyMode } from '../config.js';
import { Subject, USER, UserNotFound } from '../entities/index.js';
import { type AccountDirectory, MAX_ACCOUNTS } from './account-directory.js';
import type { AssignmentWriter } from './assignment-writer.js';
import { systemRole } from './system-roles.js';

/** A row as it was when it was read. */
interface RowVersion {
  readonly id: string;
  readonly version: string;
}

/**
 * Which users authz knows. Where there is one organization, whoever is new gets its default role, once in their life, whether an event or the user
 * comes first. Where there are many, roles come with a membership.
 */
export class SubjectService {
  constructor(
    private readonly database: Database,
    private readonly assignments: AssignmentWriter,
    private readonly accounts: AccountDirectory,
    private readonly clock: Clock,
    private readonly mode: TenancyMode,
  ) {}

  /** The user has shown up before the event that announces them, if they are new at all. */
  async firstSeen(userId: string): Promise<void> {
    if (await this.database.read.existsBy(Subject, { userId })) return;
    await this.database.transaction((tx) => this.register(tx, userId), { repeatable: true });
  }

  /** Makes the user known. One whom authz knows already, also a deleted one, stays as they are. */
  async register(tx: EntityManager, userId: string): Promise<void> {
    const { raw } = await tx
      .createQueryBuilder()
      .insert()
      .into(Subject)
      .values({ userId })
      .orIgnore()
      .returning('user_id')
      .execute();
    if (raw.length === 0 || this.mode === 'multi') return;
    await this.assignments.add(tx, userId, [await systemRole(tx, USER)], null);
  }

  /** The user, kept from being given or losing roles until the transaction ends. @throws UserNotFound, also for deleted ones */
  async lock(tx: EntityManager, userId: string): Promise<Subject> {
    const subject = await this.find(tx, userId);
    if (!subject) throw new UserNotFound();
    return subject;
  }

  /** The same; null for users whom authz does not know, and for deleted ones. */
  async find(tx: EntityManager, userId: string): Promise<Subject | null> {
    if (!isUuid(userId)) return null;
    return tx.findOne(Subject, { where: { userId, deletedAt: IsNull() }, lock: { mode: 'for_no_key_update' } });
  }

  /** Makes those users known who have an account already, but whose event has not arrived. @throws ServiceUnavailable */
  async ensureKnown(userIds: readonly string[]): Promise<void> {
    const known = new Set((await this.subjects(userIds)).map(({ userId }) => userId));
    const unknown = userIds.filter((id) => isUuid(id) && !known.has(id));
    for (let at = 0; at < unknown.length; at += MAX_ACCOUNTS) {
      const accounts = await this.accounts.states(unknown.slice(at, at + MAX_ACCOUNTS));
      for (const { id, status } of accounts) {
        if (status !== 'DELETED') await this.database.transaction((tx) => this.register(tx, id), { repeatable: true });
      }
    }
  }

  /** Those of the users who are neither locked nor deleted. Of unknown ones, and of those of whom it has not been asked, identity is asked now. @throws ServiceUnavailable */
  async activeAmong(userIds: readonly string[]): Promise<ReadonlySet<string>> {
    let subjects = await this.subjects(userIds);
    if (userIds.some((id) => !subjects.some(({ userId }) => userId === id))) {
      await this.ensureKnown(userIds);
      subjects = await this.subjects(userIds);
    }
    return new Set((await this.check(subjects)).map(({ userId }) => userId));
  }

  /** Those of the users who belong to the organization, with or without a role. @throws ServiceUnavailable */
  membersAmong(userIds: readonly string[]): Promise<ReadonlySet<string>> {
    return this.accounts.membersAmong(userIds);
  }

  /** Those of the subjects who are neither locked nor deleted; what identity says of those of whom it is to be asked is written down. @throws ServiceUnavailable */
  async check(subjects: readonly Subject[]): Promise<Subject[]> {
    const present = subjects.filter(({ deletedAt }) => deletedAt === null);
    const unchecked = present.filter(({ accountStatus }) => accountStatus === null).map(({ userId }) => userId);
    const found = new Set<string>();
    for (let at = 0; at < unchecked.length; at += MAX_ACCOUNTS) {
      const some = unchecked.slice(at, at + MAX_ACCOUNTS);
      const versions = await this.versions(some);
      const accounts = await this.accounts.states(some);
      const active = accounts.filter(({ status }) => status === 'ACTIVE').map(({ id }) => id);
      await this.activate(versions.filter(({ id }) => active.includes(id)));
      for (const id of active) found.add(id);
      for (const { id, status } of accounts) if (status !== 'ACTIVE') await this.refresh(id);
    }
    return present.filter(({ userId, accountStatus }) => accountStatus === 'ACTIVE' || found.has(userId));
  }

  /** Which versions of the rows there are before identity is asked. */
  private versions(userIds: readonly string[]): Promise<RowVersion[]> {
    return this.database.read.query(
      'SELECT user_id AS id, xmin::text AS version FROM subjects WHERE user_id = ANY ($1) AND account_status IS NULL',
      [userIds],
    );
  }

  /** Whatever was heard or read since stays: it may be newer. */
  private async activate(rows: readonly RowVersion[]): Promise<void> {
    if (rows.length === 0) return;
    await this.database.read.query(
      `UPDATE subjects SET account_status = 'ACTIVE' FROM unnest($1::uuid[], $2::text[]) AS asked (id, version)
       WHERE user_id = id AND xmin::text = version AND account_status IS NULL`,
      [rows.map(({ id }) => id), rows.map(({ version }) => version)],
    );
  }

  private async subjects(userIds: readonly string[]): Promise<Subject[]> {
    const ids = userIds.filter((id) => isUuid(id));
    return ids.length > 0 ? this.database.read.findBy(Subject, { userId: In(ids) }) : [];
  }

  /** Takes over what identity has committed about a user whom authz knows. The lock puts one reading after the other. @throws ServiceUnavailable */
  async refresh(userId: string): Promise<void> {
    const reread = async (tx: EntityManager): Promise<boolean> => {
      const subject = await tx.findOne(Subject, { where: { userId }, lock: { mode: 'for_no_key_update' } });
      if (!subject || subject.deletedAt) return false;
      const [account] = await this.accounts.states([userId]);
      if (!account) return false;
      if (account.status === 'DELETED') return true;
      await tx.update(Subject, { userId }, { accountStatus: account.status });
      return false;
    };
    const gone = await waitingForOthers(() => this.database.transaction(reread, { repeatable: true }));
    if (gone)
      await acrossTenants(() => this.database.transaction((tx) => this.forget(tx, userId), { repeatable: true }));
  }

  /** Something has changed about the account: the next decision about the user asks identity, and there is none without its answer. */
  async uncheck(tx: EntityManager, userId: string): Promise<void> {
    await tx.update(Subject, { userId }, { accountStatus: null });
  }

  /** The user is gone: they hold nothing any more, and never will again. The transaction acts across tenants. */
  async forget(tx: EntityManager, userId: string): Promise<void> {
    await tx.upsert(Subject, { userId, deletedAt: this.clock.now() }, ['userId']);
    await this.assignments.forget(tx, userId);
  }
}
