import { BadUserInput, CodedError } from '@platform/foundation/errors';
import { type Database, isUniqueViolation } from '@platform/postgres/database';
import { AccountLinkRequired, AuthenticationMethod, ProviderNotFound } from '../../entities/index.js';
import type { LoginFailure, SecondStep, SignIn } from '../sign-in/index.js';
import type { AccessTokens, TokenResponse } from '../tokens/index.js';
import type { BrowserFlow, FlowEnd, FlowStart, StartedFlow } from './browser-flow.js';
import type { ExternalAccounts } from './external-accounts.js';
import type { ExternalProviders } from './external-providers.js';

/** Failures that say something of an account, as the event of a login tells them. */
const REASONS: Readonly<Record<string, LoginFailure>> = {
  ACCOUNT_LOCKED: 'account_locked',
  EMAIL_NOT_VERIFIED: 'email_not_verified',
  ACCOUNT_LINK_REQUIRED: 'account_link_required',
  PROVIDER_EMAIL_UNVERIFIED: 'provider_email_unverified',
  REGISTRATION_CLOSED: 'registration_closed',
};

/** Signing in at an external provider. */
export class ExternalLoginService {
  constructor(
    private readonly database: Database,
    private readonly flow: BrowserFlow,
    private readonly accounts: { readonly external: ExternalAccounts; readonly providers: ExternalProviders },
    private readonly sessions: { readonly signIn: SignIn; readonly access: AccessTokens },
  ) {}

  /** @throws BadUserInput, ProviderNotFound also for every address, ProviderUnavailable */
  begin(
    input: Omit<FlowStart, 'provider'> & { provider?: string | null; email?: string | null },
  ): Promise<StartedFlow> {
    const { provider, email } = input;
    if ((provider == null) === (email == null))
      throw new BadUserInput({ input: 'Give the provider or the e-mail address, not both.' });
    if (provider == null) throw new ProviderNotFound();
    return this.flow.begin(null, { ...input, provider });
  }

  /** @throws InvalidToken; as `ExternalAccounts.signIn` */
  async complete(end: FlowEnd): Promise<TokenResponse | SecondStep> {
    const attempt = () => this.signIn(end);
    // Whoever loses the race for an address or an identity finds it known the second time, unless the address is reserved.
    const entered = await attempt()
      .catch((error) => (isUniqueViolation(error) ? attempt() : Promise.reject(error)))
      .catch((error) => this.fail(isUniqueViolation(error) ? new AccountLinkRequired() : error));
    return 'challenge' in entered
      ? entered
      : this.sessions.access.grant(entered.user, entered.session, entered.refreshToken);
  }

  private signIn(end: FlowEnd) {
    return this.database.transaction(async (tx) => {
      const login = await this.flow.redeem(tx, end, null);
      const provider = this.accounts.providers.named(login.provider);
      const user = await this.accounts.external.signIn(tx, provider, login);
      return this.sessions.signIn.enter(tx, user, [AuthenticationMethod.EXTERNAL]);
    });
  }

  private async fail(error: unknown): Promise<never> {
    const reason = error instanceof CodedError ? REASONS[error.code] : undefined;
    if (reason) return this.sessions.signIn.refuse(null, reason, error as CodedError);
    throw error;
  }
}
