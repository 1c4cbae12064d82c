import type { Caller } from '@platform/auth';
import { sessionRevoked, userLoggedOut } from '@platform/contracts';
import type { Clock } from '@platform/foundation/clock';
import type { Outbox } from '@platform/outbox';
import type { Database } from '@platform/postgres/database';
import { type EntityManager, IsNull, MoreThan, Not } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { Session, SessionNotFound } from '../entities/index.js';
import { lockedUser } from './locked-user.js';
import type { ManagedUsers } from './managed-users.js';
import type { SessionRevocation } from './session-revocation.js';
import type { RefreshTokens } from './tokens/index.js';

/** Where a user is signed in, and how that ends. */
export class SessionService {
  constructor(
    private readonly database: Database,
    private readonly managed: ManagedUsers,
    private readonly outbox: Outbox,
    private readonly tokens: { readonly refresh: RefreshTokens; readonly sessionRevocation: SessionRevocation },
    private readonly clock: Clock,
  ) {}

  /** The user's live sessions, newest first. */
  async list(userId: string): Promise<Session[]> {
    if (!isUuid(userId)) return [];
    return this.database.read.find(Session, {
      where: { userId, revokedAt: IsNull(), expiresAt: MoreThan(this.clock.now()) },
      order: { createdAt: 'DESC', id: 'DESC' },
    });
  }

  /** Ends the session of a refresh token, used or not. An unknown token is already logged out. */
  logout(refreshToken: string): Promise<true> {
    return this.database.transaction(async (tx) => {
      const session = await this.tokens.refresh.lockSession(tx, refreshToken);
      if (!session?.isLive(this.clock.now())) return true as const;
      const { id: sessionId, userId } = session;
      await this.tokens.sessionRevocation.revoke(tx, userId, { id: sessionId });
      await this.outbox.add(tx, userLoggedOut, { subject: userId, actor: userId, data: { userId, sessionId } });
      return true as const;
    });
  }

  /** @throws SessionNotFound for what is no live session of the user */
  async revoke(userId: string, sessionId: string): Promise<true> {
    if (!isUuid(sessionId)) throw new SessionNotFound();
    return this.database.transaction(async (tx) => {
      await lockedUser(tx, userId);
      const ended = await this.tokens.sessionRevocation.revoke(tx, userId, { id: sessionId });
      if (ended.length === 0) throw new SessionNotFound();
      await this.announce(tx, userId, ended, 'revoked_by_owner');
      return true as const;
    });
  }

  /** Ends every session of the user but one. Answers how many. */
  revokeOthers(userId: string, keptSessionId: string | null): Promise<number> {
    const others = keptSessionId === null ? {} : { id: Not(keptSessionId) };
    return this.database.transaction(async (tx) => {
      await lockedUser(tx, userId);
      return this.announce(
        tx,
        userId,
        await this.tokens.sessionRevocation.revoke(tx, userId, others),
        'revoked_by_owner',
      );
    });
  }

  /** Ends every session of a user. Answers how many. @throws as `ManagedUsers.change` */
  revokeAllOf(actor: Caller, userId: string): Promise<number> {
    return this.managed.change(actor, userId, {
      endsSignIn: () => false,
      apply: async (tx, { id }) =>
        this.announce(tx, id, await this.tokens.sessionRevocation.revoke(tx, id), 'revoked_by_administrator'),
    });
  }

  private async announce(tx: EntityManager, userId: string, sessionIds: string[], reason: string): Promise<number> {
    const [first] = sessionIds;
    if (!first) return 0;
    const subject = sessionIds.length === 1 ? first : userId;
    await this.outbox.add(tx, sessionRevoked, { subject, data: { userId, sessionIds, reason } });
    return sessionIds.length;
  }
}
