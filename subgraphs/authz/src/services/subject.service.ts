import { roleAssigned } from '@platform/contracts';
import { raiseVersions, userVersion, type VersionStamps } from '@platform/kernel/auth';
import type { Clock } from '@platform/kernel/clock';
import type { Database } from '@platform/kernel/database';
import type { Outbox } from '@platform/kernel/events';
import type { EntityManager } from 'typeorm';
import { Assignment, Role, Subject, USER } from '../entities/index.js';

/** Which users authz knows. Whoever is new gets the default role, once in their life, whether an event or the user comes first. */
export class SubjectService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly stamps: VersionStamps,
    private readonly clock: Clock,
  ) {}

  /** The user has shown up before the event that announces them, if they are new at all. */
  async firstSeen(userId: string): Promise<void> {
    if (await this.database.read.existsBy(Subject, { userId })) return;
    await this.database.transaction((tx) => this.register(tx, userId));
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

    const role = await tx.findOneByOrFail(Role, { name: USER });
    await tx.insert(Assignment, { userId, roleId: role.id });
    const data = { userId, roleId: role.id, name: role.name };
    await this.outbox.add(tx, roleAssigned, { subject: role.id, data, actor: null });
    await raiseVersions(tx, this.stamps, [userVersion(userId)]);
  }

  /** The user is gone: they hold nothing any more, and never will again. */
  async forget(tx: EntityManager, userId: string): Promise<void> {
    await tx.upsert(Subject, { userId, deletedAt: this.clock.now() }, ['userId']);
    await tx.delete(Assignment, { userId });
    await raiseVersions(tx, this.stamps, [userVersion(userId)]);
  }
}
