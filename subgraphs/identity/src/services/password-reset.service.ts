import { passwordChanged, passwordResetRequested } from '@platform/contracts';
import type { Clock } from '@platform/kernel/clock';
import { changeHeld, type Database } from '@platform/kernel/database';
import type { Outbox } from '@platform/kernel/events';
import { User, UserStatus } from '../entities/index.js';
import { InputCheck, isEmailAddress, newPassword, normaliseEmail } from '../entities/rules/index.js';
import type { Credentials } from './credentials/index.js';
import { lockedUser } from './locked-user.js';
import type { SessionEndings } from './session-endings.js';
import type { OneTimeTokens } from './tokens/index.js';

/** Setting a password by a mailed link. */
export class PasswordResetService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly credentials: Credentials,
    private readonly oneTimeTokens: OneTimeTokens,
    private readonly endings: SessionEndings,
    private readonly clock: Clock,
  ) {}

  /** Mails a link, when an account that may sign in has the address. */
  async request(email: string): Promise<void> {
    const address = normaliseEmail(email);
    if (!isEmailAddress(address)) return;
    await this.database.transaction(async (tx) => {
      const user = await tx.findOneBy(User, { email: address, status: UserStatus.ACTIVE });
      if (!user) return;
      await this.outbox.add(tx, passwordResetRequested, { subject: user.id, data: { userId: user.id } });
    });
  }

  /** Ends every session and link of the user; who reads the mail owns the address, so it counts as verified. @throws InvalidToken, BadUserInput, ServiceBusy */
  async reset(input: { token: string; newPassword: string }): Promise<true> {
    const passwordHash = await this.credentials.hash(await this.checkedPassword(input));
    return this.database.transaction(async (tx) => {
      const user = await lockedUser(tx, await this.oneTimeTokens.peek(tx, input.token, 'SET_PASSWORD'));
      await this.oneTimeTokens.use(tx, input.token, 'SET_PASSWORD');
      await changeHeld(tx, user, () => user.verifyEmail(this.clock.now()));
      await this.credentials.replace(tx, user.id, passwordHash);
      await this.oneTimeTokens.revokeAll(tx, user.id);
      await this.endings.end(tx, user.id);
      await this.outbox.add(tx, passwordChanged, {
        subject: user.id,
        actor: user.id,
        data: { userId: user.id, by: 'reset' },
      });
      return true as const;
    });
  }

  private async checkedPassword(input: { token: string; newPassword: string }): Promise<string> {
    const { read } = this.database;
    const user = await read.findOneByOrFail(User, {
      id: await this.oneTimeTokens.peek(read, input.token, 'SET_PASSWORD'),
    });
    const check = new InputCheck();
    const password = check.field('newPassword', () => newPassword(input.newPassword, user));
    check.finish();
    return password;
  }
}
