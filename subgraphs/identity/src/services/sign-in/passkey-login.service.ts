import type { Database } from '@platform/postgres/database';
import type { EntityManager } from 'typeorm';
import { AuthenticationMethod, type Challenge, InvalidCredentials, User } from '../../entities/index.js';
import type { LoginThrottle } from '../credentials/index.js';
import type { Challenges, PasskeyCeremony, Passkeys } from '../factors/index.js';
import type { AccessTokens, TokenResponse } from '../tokens/index.js';
import { rejectionOf, type SignIn } from './sign-in.js';

/** Signing in with a passkey alone: the authenticator says whose it is, and verifies its user. */
export class PasskeyLoginService {
  constructor(
    private readonly database: Database,
    private readonly challenges: Challenges,
    private readonly passkeys: Passkeys,
    private readonly throttle: LoginThrottle,
    private readonly signIn: SignIn,
    private readonly accessTokens: AccessTokens,
  ) {}

  async begin(): Promise<PasskeyCeremony> {
    const asked = { purpose: 'PASSKEY_LOGIN', signed: true } as const;
    const { secret, signed } = await this.database.transaction((tx) => this.challenges.put(tx, asked));
    return { challenge: secret, options: await this.passkeys.requestOptions(signed as string) };
  }

  /** @throws InvalidChallenge, InvalidCredentials, AccountLocked, EmailNotVerified, RateLimited */
  async login({ challenge: secret, credential }: { challenge: string; credential: unknown }): Promise<TokenResponse> {
    const challenge = await this.challenges.attempt('PASSKEY_LOGIN', secret);
    const passkey = await this.passkeys.named(this.database.read, credential);
    const userId = passkey?.userId ?? null;
    const entered = await this.throttle.fromNetwork(async () =>
      userId ? this.database.transaction((tx) => this.enter(tx, userId, challenge, credential)) : null,
    );
    if (!entered) return this.signIn.refuse(userId, 'wrong_passkey', new InvalidCredentials());
    if ('error' in entered) return this.signIn.refuse(userId, entered.reason, entered.error);
    return this.accessTokens.grant(entered.user, entered.session, entered.refreshToken);
  }

  private async enter(tx: EntityManager, userId: string, challenge: Challenge, credential: unknown) {
    const user = await tx.findOne(User, { where: { id: userId }, lock: { mode: 'for_no_key_update' } });
    if (!user || !(await this.passkeys.redeem(tx, userId, challenge.signed ?? '', credential))) return null;
    await this.challenges.close(tx, challenge);
    return rejectionOf(user) ?? this.signIn.begin(tx, user, [AuthenticationMethod.PASSKEY]);
  }
}
