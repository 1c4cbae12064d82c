import { refreshTokenReused, sessionRefreshed } from '@platform/contracts';
import type { Outbox } from '@platform/outbox';
import type { Database } from '@platform/postgres/database';
import type { EntityManager } from 'typeorm';
import { InvalidRefreshToken, RefreshTokenReused, User } from '../entities/index.js';
import { currentDevice } from './current-device.js';
import type { Memberships } from './organizations/index.js';
import type { SessionRevocation } from './session-revocation.js';
import type { AccessTokens, RefreshOutcome, RefreshTokens, TokenResponse } from './tokens/index.js';

/** Keeps a session going: each refresh token is good for one exchange, and a second one betrays a copy. */
export class RefreshService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly refreshTokens: RefreshTokens,
    private readonly accessTokens: AccessTokens,
    private readonly sessionRevocation: SessionRevocation,
    private readonly memberships: Memberships,
  ) {}

  /**
   * @param organizationId in which the new access token acts; left out, it is the session's, for as long as its user may act there.
   * @throws InvalidRefreshToken, RefreshTokenReused when the session was ended because of it; as `Memberships.enterable`
   */
  async refresh(refreshToken: string, organizationId?: string | null): Promise<TokenResponse> {
    const presented = await this.database.transaction((tx) => this.present(tx, refreshToken, organizationId));
    switch (presented.kind) {
      case 'invalid':
        throw new InvalidRefreshToken();
      case 'reused':
        throw new RefreshTokenReused();
      case 'rotated':
      case 'repeated':
        return this.accessTokens.grant(
          await this.userOf(presented),
          presented.session,
          presented.refreshToken,
          presented.organizationId,
        );
    }
  }

  /** What is asked for in vain takes the rotation back. */
  private async present(
    tx: EntityManager,
    refreshToken: string,
    wanted?: string | null,
  ): Promise<RefreshOutcome & { organizationId: string | null }> {
    const presented = await this.refreshTokens.present(tx, refreshToken, currentDevice());
    const organizationId = await this.actingIn(tx, presented, wanted);
    if (presented.kind === 'reused') {
      const { id: sessionId, userId } = presented.session;
      await this.sessionRevocation.revoke(tx, userId, { id: sessionId });
      await this.outbox.add(tx, refreshTokenReused, { subject: sessionId, actor: null, data: { userId, sessionId } });
    }
    if (presented.kind === 'rotated') {
      const { id: sessionId, userId } = presented.session;
      const data = { userId, sessionId };
      await this.outbox.add(tx, sessionRefreshed, { subject: sessionId, actor: userId, data });
    }
    return { ...presented, organizationId };
  }

  private async actingIn(tx: EntityManager, presented: RefreshOutcome, wanted?: string | null): Promise<string | null> {
    if (presented.kind !== 'rotated' && presented.kind !== 'repeated') return null;
    const { session } = presented;
    const { organizationId } = session;
    if (wanted) return (await this.memberships.enterable(tx, session, wanted)).id;
    if (organizationId === null) return null;
    return (await this.memberships.continues(tx, session, organizationId)) ? organizationId : null;
  }

  private async userOf({ session }: { session: { userId: string } }): Promise<User> {
    const user = await this.database.read.findOneBy(User, { id: session.userId });
    if (!user) throw new InvalidRefreshToken();
    return user;
  }
}
