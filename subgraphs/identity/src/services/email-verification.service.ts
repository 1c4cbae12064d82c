import { emailVerified, verificationRequested } from '@platform/contracts';
import type { Clock } from '@platform/kernel/clock';
import { changeHeld, type Database } from '@platform/kernel/database';
import type { Outbox } from '@platform/kernel/events';
import { User } from '../entities/index.js';
import { isEmailAddress, normaliseEmail } from '../entities/rules/index.js';
import { lockedUser } from './locked-user.js';
import type { OneTimeTokens } from './tokens/index.js';

/** Shows that an address belongs to who registered it. */
export class EmailVerificationService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly oneTimeTokens: OneTimeTokens,
    private readonly clock: Clock,
  ) {}

  /** @throws InvalidToken */
  verify(token: string): Promise<true> {
    return this.database.transaction(async (tx) => {
      const user = await lockedUser(tx, await this.oneTimeTokens.peek(tx, token, 'VERIFY_EMAIL'));
      await this.oneTimeTokens.use(tx, token, 'VERIFY_EMAIL');
      await changeHeld(tx, user, () => user.verifyEmail(this.clock.now()));
      await this.outbox.add(tx, emailVerified, { subject: user.id, actor: user.id, data: { userId: user.id } });
      return true as const;
    });
  }

  /** Mails the link again, when an account waits for it. */
  async resend(email: string): Promise<void> {
    const address = normaliseEmail(email);
    if (!isEmailAddress(address)) return;
    await this.database.transaction(async (tx) => {
      const user = await tx.findOneBy(User, { email: address });
      if (!user?.awaitsVerification) return;
      await this.outbox.add(tx, verificationRequested, { subject: user.id, data: { userId: user.id } });
    });
  }
}
