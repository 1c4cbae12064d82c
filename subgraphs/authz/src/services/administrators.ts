import type { Database } from '@platform/postgres/database';
import { type EntityManager, MoreThan } from 'typeorm';
import { ADMIN, AdministratorsChanging, Assignment, LastAdministrator, Role } from '../entities/index.js';
import { type AccountDirectory, MAX_ACCOUNTS } from './account-directory.js';
import { lockRole } from './lock-roles.js';
import { systemRole } from './system-roles.js';

/** Keeps the platform administrable: one administrator is left who can sign in today. */
export class Administrators {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountDirectory,
  ) {}

  /**
   * Comes before an administrator stops being one, or stops being able to sign in. The caller has locked the role for a change,
   * and keeps the lock, or the account's row in identity, until that is committed: so one such change sees the others.
   * @throws LastAdministrator; AdministratorsChanging while that depends on a change which has not ended; ServiceUnavailable
   */
  async assertAnotherCanSignIn(tx: EntityManager, role: Role, userId: string): Promise<void> {
    let changing = false;
    for await (const holders of holdersOf(tx, role, userId)) {
      const able = (await this.accounts.states(holders)).filter(({ canSignIn }) => canSignIn);
      if (able.some((account) => !account.changing)) return;
      changing ||= able.length > 0;
    }
    throw changing ? new AdministratorsChanging() : new LastAdministrator();
  }

  /** Runs `make` while nobody can sign in and administer the platform, one process at a time. Null when somebody can. @throws ServiceUnavailable */
  unlessAnyCanSignIn<T>(make: () => Promise<T>): Promise<T | null> {
    return this.database.transaction(async (tx) => {
      const { id } = await systemRole(tx, ADMIN);
      const role = await lockRole(tx, id);
      for await (const holders of holdersOf(tx, role)) {
        if ((await this.accounts.states(holders)).some(({ canSignIn }) => canSignIn)) return null;
      }
      return make();
    });
  }
}

/** The users who have the role, in pages of their ids. */
async function* holdersOf(tx: EntityManager, { id: roleId }: Role, except?: string): AsyncGenerator<string[]> {
  for (let last = NIL_ID; ; ) {
    const page = await tx.find(Assignment, {
      select: { userId: true },
      where: { roleId, userId: MoreThan(last) },
      order: { userId: 'ASC' },
      take: MAX_ACCOUNTS,
    });
    const userIds = page.map(({ userId }) => userId);
    const others = userIds.filter((userId) => userId !== except);
    if (others.length > 0) yield others;
    if (userIds.length < MAX_ACCOUNTS) return;
    last = userIds.at(-1) as string;
  }
}

const NIL_ID = '00000000-0000-0000-0000-000000000000';
