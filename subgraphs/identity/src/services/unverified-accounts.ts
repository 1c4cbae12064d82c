import type { Clock } from '@platform/foundation/clock';
import type { Database } from '@platform/postgres/database';
import { LessThanOrEqual } from 'typeorm';
import { OneTimeToken, User } from '../entities/index.js';
import type { Erasure } from './erasure.js';

/** Accounts that one run erases. */
const MOST = 100;

/** Erases accounts that were registered and whose address nobody has verified. Every identity process does; each goes once, with its event. */
export class UnverifiedAccounts {
  constructor(
    private readonly database: Database,
    private readonly erasure: Erasure,
    private readonly clock: Clock,
    /** How long they are kept, in ms. */
    private readonly age: number,
  ) {}

  /** Erases those that are due. */
  async eraseDue(): Promise<void> {
    const where = { pending: true, createdAt: LessThanOrEqual(new Date(this.clock.now().getTime() - this.age)) };
    const due = await this.database.read.find(User, {
      select: { id: true },
      where,
      order: { createdAt: 'ASC' },
      take: MOST,
    });
    for (const { id } of due) {
      await this.database.transaction(async (tx) => {
        const lock = { mode: 'pessimistic_write', onLocked: 'skip_locked' } as const;
        const user = await tx.findOne(User, { where: { ...where, id }, lock });
        // Whoever has registered the address again lately may still confirm it.
        if (user && !(await tx.existsBy(OneTimeToken, { userId: id }))) await this.erasure.erase(tx, user);
      });
    }
  }
}
