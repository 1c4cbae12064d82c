import { loginFailed } from '@platform/contracts';
import type { CodedError } from '@platform/foundation/errors';
import type { Outbox } from '@platform/outbox';
import type { Database } from '@platform/postgres/database';
import type { EntityManager } from 'typeorm';
import {
  AccountLocked,
  AuthenticationMethod,
  EmailNotVerified,
  InvalidCredentials,
  User,
  UserStatus,
} from '../entities/index.js';
import { knownAs } from '../entities/rules/index.js';
import type { CredentialCheck, Credentials, KnownNetworks } from './credentials/index.js';
import type { SignIn } from './sign-in.js';
import type { AccessTokens, TokenResponse } from './tokens/index.js';

/** Why a login was refused, as its event tells. */
type Reason = 'unknown_account' | 'wrong_password' | 'email_not_verified' | 'account_locked';

/** Events need a subject; the address that was tried is nobody's business. */
const UNKNOWN_ACCOUNT = 'unknown';

/** Signing in with a password. */
export class LoginService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly credentials: Credentials,
    private readonly signIn: SignIn,
    private readonly accessTokens: AccessTokens,
    private readonly networks: KnownNetworks,
  ) {}

  /** @throws InvalidCredentials; only after the right password EmailNotVerified or AccountLocked; RateLimited, ServiceBusy */
  async login({ email, password }: { email: string; password: string }): Promise<TokenResponse> {
    const checked = await this.credentials.check(knownAs(email), password);
    if (!checked.right) {
      return this.refuse(
        checked.userId,
        checked.userId ? 'wrong_password' : 'unknown_account',
        new InvalidCredentials(),
      );
    }

    const renewedHash = await this.credentials.renewed(checked.passwordHash, password);
    const begun = await this.database.transaction((tx) => this.begin(tx, checked, renewedHash));
    switch (begun) {
      case 'email_not_verified':
        return this.refuse(checked.userId, begun, new EmailNotVerified());
      case 'account_locked':
        return this.refuse(checked.userId, begun, new AccountLocked());
      default:
        return this.accessTokens.grant(begun.user, begun.session, begun.refreshToken);
    }
  }

  private async begin(
    tx: EntityManager,
    checked: Extract<CredentialCheck, { right: true }>,
    renewedHash: string | null,
  ) {
    const user = await tx.findOne(User, { where: { id: checked.userId }, lock: { mode: 'for_no_key_update' } });
    if (!user) throw new InvalidCredentials();
    await this.credentials.confirm(tx, checked);
    if (user.status !== UserStatus.ACTIVE) return 'account_locked';
    if (!user.emailVerified) return 'email_not_verified';

    if (renewedHash) await this.credentials.replace(tx, user.id, renewedHash);
    const begun = await this.signIn.begin(tx, user, [AuthenticationMethod.PASSWORD]);
    this.networks.rememberAfter(tx, user, renewedHash ?? checked.passwordHash);
    return begun;
  }

  private async refuse(userId: string | null, reason: Reason, error: CodedError): Promise<never> {
    await this.database.transaction((tx) =>
      this.outbox.add(tx, loginFailed, { subject: userId ?? UNKNOWN_ACCOUNT, actor: null, data: { userId, reason } }),
    );
    throw error;
  }
}
