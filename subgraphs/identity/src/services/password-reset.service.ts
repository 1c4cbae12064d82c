import { passwordChanged, passwordResetRequested } from '@platform/contracts';
import type { Outbox } from '@platform/outbox';
import type { Database } from '@platform/postgres/database';
import { type TokenPurpose, User, UserStatus } from '../entities/index.js';
import { InputCheck, knownAs, newPassword } from '../entities/rules/index.js';
import type { Credentials } from './credentials/index.js';
import type { MailBudget } from './mail-budget.js';
import type { PendingRegistrations } from './pending-registrations.js';
import type { SessionRevocation } from './session-revocation.js';
import type { OneTimeTokens } from './tokens/index.js';

/** The links by which a password can be set. */
const SETTING_PASSWORDS: readonly TokenPurpose[] = ['SET_PASSWORD', 'ACCEPT_INVITATION'];

/** Setting a password by a mailed link. */
export class PasswordResetService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly credentials: Credentials,
    private readonly links: { readonly tokens: OneTimeTokens; readonly budget: MailBudget },
    private readonly pending: PendingRegistrations,
    private readonly sessionRevocation: SessionRevocation,
  ) {}

  /** Mails a link, when an account that may sign in has the address. */
  async request(email: string): Promise<void> {
    const address = knownAs(email);
    if (address === undefined) return;
    await this.database.transaction(async (tx) => {
      const user = await tx.findOneBy(User, { email: address, status: UserStatus.ACTIVE });
      if (!user || !(await this.links.budget.take(tx, 'reset', address))) return;
      await this.outbox.add(tx, passwordResetRequested, { subject: user.id, data: { userId: user.id } });
    });
  }

  /**
   * Ends every session and link of the user; who reads the mail owns the address, so it counts as verified. That confirms no
   * registration: names in one may be a stranger's. @throws InvalidToken, BadUserInput, ServiceBusy
   */
  async reset(input: { token: string; newPassword: string }): Promise<true> {
    const prepared = await this.prepared(input);
    return this.database.transaction(async (tx) => {
      const passwordHash = prepared();
      const { user } = await this.links.tokens.redeem(tx, input.token, SETTING_PASSWORDS);
      await this.pending.verifyAddress(tx, user);
      await this.credentials.replace(tx, user.id, passwordHash);
      await this.links.tokens.revokeAll(tx, user.id);
      await this.sessionRevocation.revoke(tx, user.id);
      await this.outbox.add(tx, passwordChanged, {
        subject: user.id,
        actor: user.id,
        data: { userId: user.id, by: 'reset' },
      });
      return true as const;
    });
  }

  /** The hash of the password, or why there is none: told inside the transaction, since a repeated request finds its own token used. */
  private async prepared(input: { token: string; newPassword: string }): Promise<() => string> {
    try {
      const hash = await this.credentials.hash(await this.checkedPassword(input));
      return () => hash;
    } catch (error) {
      return () => {
        throw error;
      };
    }
  }

  private async checkedPassword(input: { token: string; newPassword: string }): Promise<string> {
    const user = await this.links.tokens.ownerOf(this.database.read, input.token, SETTING_PASSWORDS);
    const check = new InputCheck();
    const password = check.field('newPassword', () => newPassword(input.newPassword, user));
    check.finish();
    return password;
  }
}
