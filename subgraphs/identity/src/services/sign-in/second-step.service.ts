import type { Database } from '@platform/postgres/database';
import type { EntityManager } from 'typeorm';
import { type Challenge, Credential, InvalidChallenge, InvalidCode, User } from '../../entities/index.js';
import type { Challenges, MfaMethod, SecondFactors } from '../factors/index.js';
import { lockedUser } from '../locked-user.js';
import type { AccessTokens, TokenResponse } from '../tokens/index.js';
import { rejectionOf, type SignIn } from './sign-in.js';

/** An answer to what a login still asked for. */
export interface SecondStepAnswer {
  readonly challenge: string;
  readonly method: MfaMethod;
  readonly code: string;
}

/** The second step of a login. */
export class SecondStepService {
  constructor(
    private readonly database: Database,
    private readonly challenges: Challenges,
    private readonly factors: SecondFactors,
    private readonly signIn: SignIn,
    private readonly accessTokens: AccessTokens,
  ) {}

  /** @throws InvalidChallenge, InvalidCode, AccountLocked, EmailNotVerified, RateLimited */
  async complete({ challenge: secret, method, code }: SecondStepAnswer): Promise<TokenResponse> {
    const challenge = await this.challenges.attempt('SECOND_FACTOR', secret);
    const user = challenge.userId && (await this.database.read.findOneBy(User, { id: challenge.userId }));
    if (!user) throw new InvalidChallenge();

    const entered = await this.factors.guarded(user, () =>
      this.database.transaction((tx) => this.enter(tx, user.id, challenge, { method, answer: code })),
    );
    if (!entered) return this.signIn.refuse(user.id, 'wrong_second_factor', new InvalidCode());
    if ('error' in entered) return this.signIn.refuse(user.id, entered.reason, entered.error);
    return this.accessTokens.grant(entered.user, entered.session, entered.refreshToken);
  }

  private async enter(
    tx: EntityManager,
    userId: string,
    challenge: Challenge,
    given: { readonly method: MfaMethod; readonly answer: string },
  ) {
    const user = await lockedUser(tx, userId);
    const rejection = rejectionOf(user);
    if (rejection) return rejection;
    if (!(await this.factors.redeem(tx, user, challenge, given))) return null;
    await this.challenges.close(tx, challenge);
    const credential = await tx.findOneBy(Credential, { userId });
    return this.signIn.begin(tx, user, [...challenge.methods, given.method], {
      passwordHash: credential?.passwordHash,
    });
  }
}
