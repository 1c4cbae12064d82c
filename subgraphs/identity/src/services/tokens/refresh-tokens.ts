import type { Clock } from '@platform/foundation/clock';
import { updateLocked } from '@platform/postgres/database';
import { type EntityManager, IsNull, Not } from 'typeorm';
import type { IdentityConfig } from '../../config.js';
import { type Device, RefreshToken, Session, type SessionOwner } from '../../entities/index.js';
import { seal, unseal } from './sealing.js';
import { randomSecret, secretHash } from './secret-text.js';

const SEALED_FOR = 'refresh-token-successor';

/** What a presented refresh token turned out to be. The session's row is locked from then on, so that two presentations never fork the family. */
export type RefreshOutcome =
  | { readonly kind: 'invalid' }
  | { readonly kind: 'rotated' | 'repeated'; readonly session: Session; readonly refreshToken: string }
  | { readonly kind: 'reused'; readonly session: Session };

/** Refresh tokens: random, kept as hashes, used once. */
export class RefreshTokens {
  constructor(
    private readonly clock: Clock,
    private readonly config: Pick<IdentityConfig, 'refreshTokenLifetime' | 'sessionLifetime' | 'refreshGrace'>,
  ) {}

  /** Begins a session and answers its first refresh token. */
  async begin(
    tx: EntityManager,
    owner: SessionOwner,
    device: Device,
  ): Promise<{ session: Session; refreshToken: string }> {
    const session = Session.begin(owner, device, this.lifetimes, this.clock.now());
    await tx.insert(Session, session);
    return { session, refreshToken: await this.issue(tx, session) };
  }

  /** Exchanges the token for its successor, or says why not. */
  async present(tx: EntityManager, refreshToken: string, device: Device): Promise<RefreshOutcome> {
    const now = this.clock.now();
    const session = await this.lockSession(tx, refreshToken);
    if (!session?.isLive(now)) return { kind: 'invalid' };

    const token = await tx.findOneBy(RefreshToken, { hash: secretHash(refreshToken) });
    if (!token) return { kind: 'invalid' };
    if (token.rotatedAt) return this.again(tx, token, refreshToken, session, device);
    if (token.expiresAt <= now) return { kind: 'invalid' };

    await updateLocked(tx, session, () => session.use(device, this.lifetimes, now));
    await tx.update(RefreshToken, { sessionId: session.id, rotatedAt: Not(IsNull()) }, { successor: null });
    const successor = await this.issue(tx, session);
    await updateLocked(tx, token, () => token.rotate(seal(refreshToken, SEALED_FOR, successor), device, now));
    return { kind: 'rotated', session, refreshToken: successor };
  }

  /** Answers a new token of a session whose row is locked, in the place of those before it: one that comes back betrays a copy. */
  async renew(tx: EntityManager, session: Session, device: Device): Promise<string> {
    await tx.update(RefreshToken, { sessionId: session.id, rotatedAt: Not(IsNull()) }, { successor: null });
    const [replaced] = await tx.findBy(RefreshToken, { sessionId: session.id, rotatedAt: IsNull() });
    if (replaced) await updateLocked(tx, replaced, () => replaced.rotate(Buffer.alloc(0), device, this.clock.now()));
    return this.issue(tx, session);
  }

  /** The session that the token belongs to, used or not, with its row locked; null for an unknown token. */
  async lockSession(tx: EntityManager, refreshToken: string): Promise<Session | null> {
    const token = await tx.findOneBy(RefreshToken, { hash: secretHash(refreshToken) });
    return token && tx.findOne(Session, { where: { id: token.sessionId }, lock: { mode: 'pessimistic_write' } });
  }

  private async again(
    tx: EntityManager,
    token: RefreshToken,
    refreshToken: string,
    session: Session,
    device: Device,
  ): Promise<RefreshOutcome> {
    if (!token.successor || !token.isRepeatedBy(device, this.config.refreshGrace, this.clock.now())) {
      return { kind: 'reused', session };
    }
    // Another tab has renewed the session meanwhile, and its answer alone has the new token.
    if (token.successor.length === 0) return { kind: 'invalid' };
    const successor = unseal(refreshToken, SEALED_FOR, token.successor);
    const unused = await tx.existsBy(RefreshToken, { hash: secretHash(successor), rotatedAt: IsNull() });
    return unused ? { kind: 'repeated', session, refreshToken: successor } : { kind: 'reused', session };
  }

  private async issue(tx: EntityManager, session: Session): Promise<string> {
    const refreshToken = randomSecret();
    await tx.insert(RefreshToken, {
      hash: secretHash(refreshToken),
      sessionId: session.id,
      expiresAt: session.expiresAt,
      rotatedAt: null,
    });
    return refreshToken;
  }

  private get lifetimes() {
    return { sliding: this.config.refreshTokenLifetime, absolute: this.config.sessionLifetime };
  }
}
