import type { Caller } from '@platform/auth';
import { mfaDisabled, mfaEnabled, mfaReset, recoveryCodesRegenerated } from '@platform/contracts';
import { SessionRequired } from '@platform/foundation/errors';
import type { Outbox } from '@platform/outbox';
import type { Database } from '@platform/postgres/database';
import { AuthenticationMethod, InvalidCode, TotpAlreadyEnabled, TotpNotEnrolled, User } from '../../entities/index.js';
import { InputCheck, reason } from '../../entities/rules/index.js';
import { lockedUser } from '../locked-user.js';
import type { ManagedUsers } from '../managed-users.js';
import type { SessionRevocation } from '../session-revocation.js';
import type { AuthenticatedSessions } from './authenticated-sessions.js';
import { hasFactor, type LoginMethods, loginMethodsOf } from './login-methods.js';
import type { OwnerProofs } from './owner-proofs.js';
import type { RecentAuthentication } from './recent-authentication.js';
import { asksForFactor, assertFactorRemains } from './required-factors.js';
import type { SecondFactors } from './second-factors.js';
import type { TotpEnrollment } from './totp-factors.js';

/** What protects the caller's account beside a password. */
export interface MfaStatus extends LoginMethods {
  /** Whether one of the caller's organizations asks for a second factor. */
  readonly required: boolean;
}

/** What users do with their authenticator app and their recovery codes, and administrators for who lost them. */
export class FactorService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly parts: {
      readonly factors: SecondFactors;
      readonly recent: RecentAuthentication;
      readonly sessions: AuthenticatedSessions;
      readonly proofs: OwnerProofs;
      readonly managed: ManagedUsers;
      readonly sessionRevocation: SessionRevocation;
    },
  ) {}

  async status(userId: string): Promise<MfaStatus> {
    const ways = await loginMethodsOf(this.database.read, userId);
    return { ...ways, required: await asksForFactor(this.database.read, userId) };
  }

  /** @throws SessionRequired, ReauthenticationRequired, TotpAlreadyEnabled */
  async enrollTotp(caller: Caller): Promise<TotpEnrollment> {
    const { userId } = await this.parts.recent.requireFactor(caller, hasFactor);
    return this.database.transaction(async (tx) => this.parts.factors.totp.enroll(tx, await lockedUser(tx, userId)));
  }

  /** Turns the authenticator app on. Answers the recovery codes. @throws SessionRequired, TotpNotEnrolled, TotpAlreadyEnabled, InvalidCode, RateLimited */
  async confirmTotp({ sessionId }: Caller, userId: string, code: string): Promise<string[]> {
    if (sessionId === null) throw new SessionRequired();
    const { factors, sessions } = this.parts;
    const user = await this.database.read.findOneBy(User, { id: userId });
    const { totp } = await loginMethodsOf(this.database.read, userId);
    if (totp) throw new TotpAlreadyEnabled();
    if (!user || !(await factors.totp.isEnrolled(this.database.read, userId))) throw new TotpNotEnrolled();
    const codes = await factors.guarded(user, () =>
      this.database.transaction(async (tx) => {
        await lockedUser(tx, userId);
        if (!(await factors.totp.confirm(tx, userId, code))) return null;
        await sessions.authenticated(tx, userId, sessionId, AuthenticationMethod.TOTP);
        const data = { userId, method: AuthenticationMethod.TOTP } as const;
        await this.outbox.add(tx, mfaEnabled, { subject: userId, data });
        return factors.codes.replace(tx, userId);
      }),
    );
    if (!codes) throw new InvalidCode();
    return codes;
  }

  /** @throws as `OwnerProofs.of`; TotpNotEnrolled, MfaEnrollmentRequired */
  async disableTotp(caller: Caller, userId: string, password: string): Promise<true> {
    const confirm = await this.parts.proofs.of(caller, userId, password);
    await this.parts.recent.assertShown(caller, ({ secondStep }) => secondStep);
    const { factors } = this.parts;
    await this.database.transaction(async (tx) => {
      await lockedUser(tx, userId);
      await confirm(tx);
      if (!(await loginMethodsOf(tx, userId)).totp) throw new TotpNotEnrolled();
      await factors.totp.remove(tx, userId);
      await factors.codes.remove(tx, userId);
      await assertFactorRemains(tx, userId);
      await this.parts.sessions.forgetFactors(tx, userId);
      const data = { userId, method: AuthenticationMethod.TOTP } as const;
      await this.outbox.add(tx, mfaDisabled, { subject: userId, data });
    });
    return true;
  }

  /** Ten new codes; with a passkey alone they are what makes a password ask for it. @throws SessionRequired, ReauthenticationRequired, TotpNotEnrolled without any factor */
  async regenerateRecoveryCodes(caller: Caller): Promise<string[]> {
    const { userId } = await this.parts.recent.requireFactor(caller, hasFactor);
    return this.database.transaction(async (tx) => {
      await lockedUser(tx, userId);
      if (!hasFactor(await loginMethodsOf(tx, userId))) throw new TotpNotEnrolled();
      await this.outbox.add(tx, recoveryCodesRegenerated, { subject: userId, data: { userId } });
      return this.parts.factors.codes.replace(tx, userId);
    });
  }

  /** Removes what a user has lost. @throws ReauthenticationRequired, as `ManagedUsers.change` */
  async reset(caller: Caller, userId: string, why: string): Promise<User> {
    const check = new InputCheck('');
    const given = check.field('reason', () => reason(why));
    check.finish();
    return this.parts.managed.change(caller, userId, {
      endsSignIn: () => false,
      apply: async (tx, user) => {
        await this.parts.recent.require(caller, tx);
        await this.parts.factors.remove(tx, user.id);
        await this.parts.sessionRevocation.revoke(tx, user.id);
        await this.outbox.add(tx, mfaReset, { subject: user.id, data: { userId: user.id, reason: given } });
        return user;
      },
    });
  }
}
