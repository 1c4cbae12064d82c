import { type RevocationVersions, userVersion } from '@platform/auth';
import { roleAssigned } from '@platform/contracts';
import type { Clock } from '@platform/foundation/clock';
import { waitingForOthers } from '@platform/foundation/request-bounds';
import type { Outbox } from '@platform/outbox';
import type { Database } from '@platform/postgres/database';
import { bumpVersions } from '@platform/subgraph-server/subgraph';
import { type EntityManager, In, IsNull } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { Assignment, Subject, USER, UserNotFound } from '../entities/index.js';
import { type AccountDirectory, MAX_ACCOUNTS } from './account-directory.js';
import { systemRole } from './system-roles.js';

/** A row as it was when it was read. */
interface RowVersion {
  readonly id: string;
  readonly version: string;
}

/** Which users authz knows. Whoever is new gets the default role, once in their life, whether an event or the user comes first. */
export class SubjectService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly revocations: RevocationVersions,
    private readonly accounts: AccountDirectory,
    private readonly clock: Clock,
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
    if (raw.length === 0) return;

    const role = await systemRole(tx, USER);
    await tx.insert(Assignment, { userId, roleId: role.id });
    const data = { userId, roleId: role.id, name: role.name };
    await this.outbox.add(tx, roleAssigned, { subject: role.id, data, actor: null });
    await bumpVersions(tx, this.revocations, [userVersion(userId)]);
  }

  /** The user, kept from being given or losing roles until the transaction ends. @throws UserNotFound, also for deleted ones */
  async lock(tx: EntityManager, userId: string): Promise<Subject> {
    if (!isUuid(userId)) throw new UserNotFound();
    const subject = await tx.findOne(Subject, {
      where: { userId, deletedAt: IsNull() },
      lock: { mode: 'for_no_key_update' },
    });
    if (!subject) throw new UserNotFound();
    return subject;
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
  refresh(userId: string): Promise<void> {
    const reread = async (tx: EntityManager): Promise<void> => {
      const subject = await tx.findOne(Subject, { where: { userId }, lock: { mode: 'for_no_key_update' } });
      if (!subject || subject.deletedAt) return;
      const [account] = await this.accounts.states([userId]);
      if (!account) return;
      if (account.status === 'DELETED') return this.forget(tx, userId);
      await tx.update(Subject, { userId }, { accountStatus: account.status });
    };
    return waitingForOthers(() => this.database.transaction(reread, { repeatable: true }));
  }

  /** Something has changed about the account: the next decision about the user asks identity, and there is none without its answer. */
  async uncheck(tx: EntityManager, userId: string): Promise<void> {
    await tx.update(Subject, { userId }, { accountStatus: null });
  }

  /** The user is gone: they hold nothing any more, and never will again. */
  async forget(tx: EntityManager, userId: string): Promise<void> {
    await tx.upsert(Subject, { userId, deletedAt: this.clock.now() }, ['userId']);
    await tx.delete(Assignment, { userId });
    await bumpVersions(tx, this.revocations, [userVersion(userId)]);
  }
}
