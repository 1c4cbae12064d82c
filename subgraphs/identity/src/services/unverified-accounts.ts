import type { Clock } from '@platform/foundation/clock';
import { attemptEach } from '@platform/foundation/lifecycle';
import type { Database } from '@platform/postgres/database';
import { MoreThan } from 'typeorm';
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
    const before = new Date(this.clock.now().getTime() - this.age);
    const due: { id: string }[] = await this.database.read.query(
      `SELECT id FROM users WHERE pending AND created_at <= $1
         AND NOT EXISTS (SELECT FROM one_time_tokens t WHERE t.user_id = users.id AND t.expires_at > $2)
       ORDER BY created_at LIMIT ${MOST}`,
      [before, this.clock.now()],
    );
    await attemptEach(due, ({ id }) => this.erase(id));
  }

  /** Whoever has registered the address again meanwhile may still confirm it. */
  private erase(id: string): Promise<void> {
    return this.database.transaction(async (tx) => {
      const lock = { mode: 'pessimistic_write', onLocked: 'skip_locked' } as const;
      const user = await tx.findOne(User, { where: { id, pending: true }, lock });
      const link = { userId: id, expiresAt: MoreThan(this.clock.now()) };
      if (user && !(await tx.existsBy(OneTimeToken, link))) await this.erasure.erase(tx, user);
    });
  }
}
