import { type RevocationVersions, userVersion } from '@platform/auth';
import type { Clock } from '@platform/foundation/clock';
import { Unauthenticated } from '@platform/foundation/errors';
import { bumpVersions } from '@platform/subgraph-server/subgraph';
import type { EntityManager } from 'typeorm';
import { AuthenticationMethod, isSecondFactor, Session } from '../../entities/index.js';
import { hasFactor, loginMethodsOf } from './login-methods.js';

/** What sessions know of how their user was authenticated. */
export class AuthenticatedSessions {
  constructor(
    private readonly revocations: RevocationVersions,
    private readonly clock: Clock,
  ) {}

  /** The session counts from now on as one whose user was authenticated so, everywhere. The user's row is locked. @throws Unauthenticated when it has ended */
  async authenticated(
    tx: EntityManager,
    userId: string,
    sessionId: string,
    method: AuthenticationMethod,
  ): Promise<Session> {
    const now = this.clock.now();
    const where = { id: sessionId, userId };
    const session = await tx.findOne(Session, { where, lock: { mode: 'pessimistic_write' } });
    if (!session?.isLive(now)) throw new Unauthenticated('The session has ended.');
    session.authenticated(method, now);
    const { methods, authenticatedAt } = session;
    await tx.update(Session, { id: sessionId }, { methods, authenticatedAt });
    await bumpVersions(tx, this.revocations, [userVersion(userId)]);
    return session;
  }

  /** The account has no second factor any more: no session of it has shown one, unless another one remains. The user's row is locked. */
  async forgetFactors(tx: EntityManager, userId: string): Promise<void> {
    if (hasFactor(await loginMethodsOf(tx, userId))) return;
    await tx.query(
      `UPDATE sessions SET methods = ARRAY(SELECT method FROM unnest(methods) AS method WHERE method <> ALL ($2))
       WHERE user_id = $1 AND revoked_at IS NULL AND methods && $2`,
      [userId, Object.values(AuthenticationMethod).filter(isSecondFactor)],
    );
    await bumpVersions(tx, this.revocations, [userVersion(userId)]);
  }
}
