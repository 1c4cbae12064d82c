import { type RevocationVersions, userVersion } from '@platform/auth';
import type { Clock } from '@platform/foundation/clock';
import { Unauthenticated } from '@platform/foundation/errors';
import { bumpVersions } from '@platform/subgraph-server/subgraph';
import type { EntityManager } from 'typeorm';
import { type AuthenticationMethod, Session } from '../../entities/index.js';

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
}
