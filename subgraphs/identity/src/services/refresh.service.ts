import { refreshTokenReused, sessionRefreshed } from '@platform/contracts';
import type { Outbox } from '@platform/outbox';
import type { Database } from '@platform/postgres/database';
import type { EntityManager } from 'typeorm';
import { InvalidRefreshToken, RefreshTokenReused, User } from '../entities/index.js';
import { currentDevice } from './current-device.js';
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
  ) {}

  /** @throws InvalidRefreshToken, RefreshTokenReused when the session was ended because of it */
  async refresh(refreshToken: string): Promise<TokenResponse> {
    const presented = await this.database.transaction((tx) => this.present(tx, refreshToken));
    switch (presented.kind) {
      case 'invalid':
        throw new InvalidRefreshToken();
      case 'reused':
        throw new RefreshTokenReused();
      case 'rotated':
      case 'repeated':
        return this.accessTokens.grant(await this.userOf(presented), presented.session, presented.refreshToken);
    }
  }

  private async present(tx: EntityManager, refreshToken: string): Promise<RefreshOutcome> {
    const presented = await this.refreshTokens.present(tx, refreshToken, currentDevice());
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
    return presented;
  }

  private async userOf({ session }: { session: { userId: string } }): Promise<User> {
    const user = await this.database.read.findOneBy(User, { id: session.userId });
    if (!user) throw new InvalidRefreshToken();
    return user;
  }
}
