import type { Clock } from '@platform/kernel/clock';
import { type EntityManager, MoreThan } from 'typeorm';
import { OneTimeToken, type TokenPurpose } from '../../entities/index.js';
import { InvalidToken } from '../errors.js';
import { randomSecret, secretHash } from './secret-text.js';

/** The secrets of mailed links: used once, for one purpose, for a limited time. */
export class OneTimeTokens {
  constructor(private readonly clock: Clock) {}

  /** A new secret, good for `lifetime` ms. Earlier ones of the user for this purpose end. */
  async issue(tx: EntityManager, userId: string, purpose: TokenPurpose, lifetime: number): Promise<string> {
    const secret = randomSecret();
    const expiresAt = new Date(this.clock.now().getTime() + lifetime);
    await tx.delete(OneTimeToken, { userId, purpose });
    await tx.insert(OneTimeToken, { hash: secretHash(secret), userId, purpose, expiresAt });
    return secret;
  }

  /** Whose secret it is; it stays good. Lock that user before `use`, as everything that ends links does. @throws InvalidToken */
  async peek(tx: EntityManager, secret: string, purpose: TokenPurpose): Promise<string> {
    const token = await tx.findOneBy(OneTimeToken, this.live(secret, purpose));
    if (!token) throw new InvalidToken();
    return token.userId;
  }

  /** Spends it. Of two at the same time, one succeeds. @throws InvalidToken */
  async use(tx: EntityManager, secret: string, purpose: TokenPurpose): Promise<void> {
    const { affected } = await tx.delete(OneTimeToken, this.live(secret, purpose));
    if (affected !== 1) throw new InvalidToken();
  }

  /** Ends whatever was mailed to the user before. */
  async revokeAll(tx: EntityManager, userId: string): Promise<void> {
    await tx.delete(OneTimeToken, { userId });
  }

  private live(secret: string, purpose: TokenPurpose) {
    return { hash: secretHash(secret), purpose, expiresAt: MoreThan(this.clock.now()) };
  }
}
