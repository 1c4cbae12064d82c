import { emailVerified, verificationRequested } from '@platform/contracts';
import type { Outbox } from '@platform/outbox';
import { type Database, isUniqueViolation } from '@platform/postgres/database';
import type { EntityManager } from 'typeorm';
import { User } from '../entities/index.js';
import { knownAs } from '../entities/rules/index.js';
import type { MailBudget } from './mail-budget.js';
import type { PendingRegistrations } from './pending-registrations.js';
import type { OneTimeTokens } from './tokens/index.js';

/** Shows that an address belongs to who registered it. */
export class EmailVerificationService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly links: { readonly tokens: OneTimeTokens; readonly budget: MailBudget },
    private readonly pending: PendingRegistrations,
  ) {}

  /** Confirms the registration that the link was mailed for, and no other. @throws InvalidToken */
  async verify(token: string): Promise<true> {
    const confirm = () => this.database.transaction((tx) => this.confirm(tx, token));
    // Whoever loses the race for a username gets a random one the second time.
    return confirm().catch((error) => (isUniqueViolation(error) ? confirm() : Promise.reject(error)));
  }

  /** Mails a link again, when an account waits for one: one, however often the address was registered. */
  async resend(email: string): Promise<void> {
    const address = knownAs(email);
    if (address === undefined) return;
    await this.database.transaction(async (tx) => {
      const user = await tx.findOneBy(User, { email: address });
      if (!user?.awaitsVerification || !(await this.links.budget.take(tx, 'verification', address))) return;
      await this.outbox.add(tx, verificationRequested, { subject: user.id, data: { userId: user.id } });
    });
  }

  private async confirm(tx: EntityManager, token: string): Promise<true> {
    const { user, registrationId } = await this.links.tokens.redeem(tx, token, ['VERIFY_EMAIL']);
    if (registrationId) await this.pending.confirm(tx, user, registrationId);
    else await this.pending.verifyAddress(tx, user);
    await this.outbox.add(tx, emailVerified, { subject: user.id, actor: user.id, data: { userId: user.id } });
    return true;
  }
}
