import type { Clock } from '@platform/foundation/clock';
import { type EntityManager, In, LessThanOrEqual, MoreThan } from 'typeorm';
import { InvalidToken, OneTimeToken, type TokenPurpose, User, UserNotFound } from '../../entities/index.js';
import { cancelEmailChange } from '../cancel-email-change.js';
import { lockedUser } from '../locked-user.js';
import { randomSecret, secretHash } from './secret-text.js';

/** What a link is made for. It does nothing for anything else. */
export interface LinkTarget {
  /** With their row locked; the link is good for the address that they have now. */
  readonly user: User & { readonly email: string };
  readonly purpose: TokenPurpose;
  /** In ms. */
  readonly lifetime: number;
  /** The registration that it confirms, when it confirms one. */
  readonly registrationId?: string;
}

/** A link that was used. */
export interface RedeemedLink {
  /** Whose it was, with their row locked. */
  readonly user: User;
  readonly registrationId: string | null;
}

/**
 * The secrets of mailed links: used once, for a limited time, for one purpose and the address that they were sent to. A user may have
 * several: a link that a stranger asks for must not end the one that its owner waits for.
 */
export class OneTimeTokens {
  constructor(private readonly clock: Clock) {}

  async issue(tx: EntityManager, { user, purpose, lifetime, registrationId }: LinkTarget): Promise<string> {
    const secret = randomSecret();
    const now = this.clock.now();
    await tx.delete(OneTimeToken, { userId: user.id, expiresAt: LessThanOrEqual(now) });
    await tx.insert(OneTimeToken, {
      hash: secretHash(secret),
      userId: user.id,
      purpose,
      email: user.email,
      registrationId: registrationId ?? null,
      expiresAt: new Date(now.getTime() + lifetime),
    });
    return secret;
  }

  /** Whose secret it is; it stays good. @throws InvalidToken */
  async ownerOf(manager: EntityManager, secret: string, purposes: readonly TokenPurpose[]): Promise<User> {
    const token = await manager.findOneBy(OneTimeToken, this.live(secret, purposes));
    const owner = token && (await manager.findOneBy(User, { id: token.userId, email: token.email }));
    if (!owner) throw new InvalidToken();
    return owner;
  }

  /**
   * Spends the secret. The user's row is locked first, as by everything that ends links: of two at the same time one succeeds, and none
   * once the user has another address or is gone. @throws InvalidToken
   */
  async redeem(tx: EntityManager, secret: string, purposes: readonly TokenPurpose[]): Promise<RedeemedLink> {
    const { id } = await this.ownerOf(tx, secret, purposes);
    const user = await lockedUser(tx, id).catch((error) => {
      throw error instanceof UserNotFound ? new InvalidToken() : error;
    });
    const sent = { ...this.live(secret, purposes), userId: id, email: user.email ?? '' };
    const token = await tx.findOneBy(OneTimeToken, sent);
    if (!token) throw new InvalidToken();
    await tx.delete(OneTimeToken, { hash: token.hash });
    return { user, registrationId: token.registrationId };
  }

  /** Ends whatever was mailed to the user before, but what takes a change of the address back. Their row is locked. */
  async revokeAll(tx: EntityManager, userId: string): Promise<void> {
    await tx.delete(OneTimeToken, { userId });
    await cancelEmailChange(tx, userId);
  }

  private live(secret: string, purposes: readonly TokenPurpose[]) {
    return { hash: secretHash(secret), purpose: In(purposes), expiresAt: MoreThan(this.clock.now()) };
  }
}
