import type { EntityManager } from 'typeorm';
import { AuthenticationMethod, type Challenge, type User } from '../../entities/index.js';
import type { LoginThrottle } from '../credentials/index.js';
import type { LoginMethods } from './login-methods.js';
import type { Passkeys } from './passkeys.js';
import type { RecoveryCodes } from './recovery-codes.js';
import type { TotpFactors } from './totp-factors.js';

/** A second factor by which a login goes on. */
export type MfaMethod = AuthenticationMethod.TOTP | AuthenticationMethod.RECOVERY_CODE | AuthenticationMethod.PASSKEY;

/** What answers for a user's second factors. */
export class SecondFactors {
  constructor(
    readonly totp: TotpFactors,
    readonly codes: RecoveryCodes,
    readonly passkeys: Passkeys,
    private readonly throttle: LoginThrottle,
  ) {}

  /** By which of them a login goes on. */
  offered({ totp, passkeys, recoveryCodesLeft }: LoginMethods): MfaMethod[] {
    return [
      ...(totp ? [AuthenticationMethod.TOTP as const] : []),
      ...(recoveryCodesLeft > 0 ? [AuthenticationMethod.RECOVERY_CODE as const] : []),
      ...(passkeys > 0 ? [AuthenticationMethod.PASSKEY as const] : []),
    ];
  }

  /** Whether the answer is right; then it is used up. The user's row is locked. */
  async redeem(
    tx: EntityManager,
    { id }: User,
    { signed }: Pick<Challenge, 'signed'>,
    { method, answer }: { readonly method: MfaMethod; readonly answer: string },
  ): Promise<boolean> {
    switch (method) {
      case AuthenticationMethod.TOTP:
        return this.totp.redeem(tx, id, answer.replaceAll(/\s/g, ''));
      case AuthenticationMethod.RECOVERY_CODE:
        return this.codes.redeem(tx, id, answer);
      case AuthenticationMethod.PASSKEY:
        return signed !== null && this.passkeys.redeem(tx, id, signed, parsed(answer));
    }
  }

  /** Slows the guessing of a user's codes down, whichever challenge they answer: answers what the check does, of which false and null have failed. @throws RateLimited */
  guarded<T>({ id, email }: Pick<User, 'id' | 'email'>, check: () => Promise<T>): Promise<T> {
    return this.throttle.guarded(email ?? id, check, `factor ${id}`);
  }

  /** Removes the user's second factors. */
  async remove(tx: EntityManager, userId: string): Promise<void> {
    await this.totp.remove(tx, userId);
    await this.passkeys.removeAll(tx, userId);
    await this.codes.remove(tx, userId);
  }
}

/** The browser's answer; null for a text that is none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
