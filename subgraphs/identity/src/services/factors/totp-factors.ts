import type { Clock } from '@platform/foundation/clock';
import { Secret, TOTP } from 'otpauth';
import type { EntityManager } from 'typeorm';
import { TotpAlreadyEnabled, TotpFactor, type User } from '../../entities/index.js';
import { seal, unseal } from '../tokens/sealing.js';

const SEALED_FOR = 'totp-secret';
const PERIOD = 30;
const CODE = /^\d{6}$/;

/** How long an enrolment waits for its first code, in ms. */
const ENROLLMENT_LIFETIME = 60 * 60_000;

/** What an authenticator app needs. */
export interface TotpEnrollment {
  /** Base32. */
  readonly secret: string;
  readonly otpauthUri: string;
}

/** Authenticator apps (RFC 6238): six digits every 30 seconds, of which those before and after are taken, too. */
export class TotpFactors {
  constructor(
    private readonly clock: Clock,
    private readonly config: { readonly issuer: string; readonly encryptionSecret: string },
  ) {}

  /** A new secret in the place of one that was not confirmed. @param user with their row locked. @throws TotpAlreadyEnabled */
  async enroll(tx: EntityManager, user: User): Promise<TotpEnrollment> {
    const known = await tx.findOneBy(TotpFactor, { userId: user.id });
    if (known?.confirmedAt) throw new TotpAlreadyEnabled();
    const secret = new Secret({ size: 20 });
    const sealed = seal(this.config.encryptionSecret, SEALED_FOR, secret.base32);
    const enrolled = { userId: user.id, secret: sealed, lastStep: 0, createdAt: this.clock.now(), confirmedAt: null };
    await tx.upsert(TotpFactor, enrolled, ['userId']);
    const totp = new TOTP({ issuer: this.config.issuer, label: user.email ?? user.username, secret, period: PERIOD });
    return { secret: secret.base32, otpauthUri: totp.toString() };
  }

  /** Confirms the enrolment by its first code. The user's row is locked. */
  async confirm(tx: EntityManager, userId: string, code: string): Promise<boolean> {
    const factor = await this.enrolled(tx, userId);
    if (!factor || !(await this.accept(tx, factor, code))) return false;
    await tx.update(TotpFactor, { userId }, { confirmedAt: this.clock.now() });
    return true;
  }

  /** Whether an enrolment waits for its first code. */
  async isEnrolled(manager: EntityManager, userId: string): Promise<boolean> {
    return (await this.enrolled(manager, userId)) !== null;
  }

  /** Whether the code is one of now that was not used before. The user's row is locked. */
  async redeem(tx: EntityManager, userId: string, code: string): Promise<boolean> {
    const factor = await tx.findOneBy(TotpFactor, { userId });
    return factor?.confirmedAt != null && this.accept(tx, factor, code);
  }

  async remove(tx: EntityManager, userId: string): Promise<void> {
    await tx.delete(TotpFactor, { userId });
  }

  private async enrolled(manager: EntityManager, userId: string): Promise<TotpFactor | null> {
    const factor = await manager.findOneBy(TotpFactor, { userId });
    const oldest = this.clock.now().getTime() - ENROLLMENT_LIFETIME;
    return factor && !factor.confirmedAt && factor.createdAt.getTime() > oldest ? factor : null;
  }

  private async accept(tx: EntityManager, factor: TotpFactor, code: string): Promise<boolean> {
    if (!CODE.test(code)) return false;
    const secret = Secret.fromBase32(unseal(this.config.encryptionSecret, SEALED_FOR, factor.secret));
    const timestamp = this.clock.now().getTime();
    const delta = new TOTP({ secret, period: PERIOD }).validate({ token: code, timestamp, window: 1 });
    if (delta === null) return false;
    const step = Math.floor(timestamp / 1000 / PERIOD) + delta;
    if (step <= factor.lastStep) return false;
    await tx.update(TotpFactor, { userId: factor.userId }, { lastStep: step });
    return true;
  }
}
