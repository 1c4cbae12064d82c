import type { Database } from '@platform/postgres/database';
import type { EntityManager } from 'typeorm';
import { AuthenticationMethod, InvalidCredentials, User } from '../../entities/index.js';
import { knownAs } from '../../entities/rules/index.js';
import type { CredentialCheck, Credentials } from '../credentials/index.js';
import type { AccessTokens, TokenResponse } from '../tokens/index.js';
import { rejectionOf, type SecondStep, type SignIn } from './sign-in.js';

/** Signing in with a password. */
export class LoginService {
  constructor(
    private readonly database: Database,
    private readonly credentials: Credentials,
    private readonly signIn: SignIn,
    private readonly accessTokens: AccessTokens,
  ) {}

  /** @throws InvalidCredentials; only after the right password EmailNotVerified or AccountLocked; RateLimited, ServiceBusy */
  async login({ email, password }: { email: string; password: string }): Promise<TokenResponse | SecondStep> {
    const checked = await this.credentials.check(knownAs(email), password);
    if (!checked.right) {
      const reason = checked.userId ? 'wrong_password' : 'unknown_account';
      return this.signIn.refuse(checked.userId, reason, new InvalidCredentials());
    }

    const renewedHash = await this.credentials.renewed(checked.passwordHash, password);
    const entered = await this.database.transaction((tx) => this.enter(tx, checked, renewedHash));
    if ('error' in entered) return this.signIn.refuse(checked.userId, entered.reason, entered.error);
    return 'challenge' in entered
      ? entered
      : this.accessTokens.grant(entered.user, entered.session, entered.refreshToken);
  }

  private async enter(
    tx: EntityManager,
    checked: Extract<CredentialCheck, { right: true }>,
    renewedHash: string | null,
  ) {
    const user = await tx.findOne(User, { where: { id: checked.userId }, lock: { mode: 'for_no_key_update' } });
    if (!user) throw new InvalidCredentials();
    await this.credentials.confirm(tx, checked);
    const rejection = rejectionOf(user);
    if (rejection) return rejection;
    if (renewedHash) await this.credentials.replace(tx, user.id, renewedHash);
    return this.signIn.enter(tx, user, [AuthenticationMethod.PASSWORD], renewedHash ?? checked.passwordHash);
  }
}
