import { type RevocationVersions, userVersion } from '@platform/auth';
import type { Clock } from '@platform/foundation/clock';
import { bumpVersions } from '@platform/subgraph-server/subgraph';
import { type EntityManager, type FindOptionsWhere, IsNull, MoreThan } from 'typeorm';
import { Challenge, Session } from '../entities/index.js';

/** Revokes sessions, so that their access tokens stop working at once. */
export class SessionRevocation {
  constructor(
    private readonly revocations: RevocationVersions,
    private readonly clock: Clock,
  ) {}

  /** Revokes the user's live sessions and logins that are not over, or those of the sessions that are `among`; several only while the user's row is locked. Returns their ids. @throws RevocationStoreUnavailable */
  async revoke(tx: EntityManager, userId: string, among?: FindOptionsWhere<Session>): Promise<string[]> {
    if (!among) await tx.delete(Challenge, { userId });
    const now = this.clock.now();
    const live = await tx.find(Session, {
      select: { id: true },
      where: { expiresAt: MoreThan(now), ...among, userId, revokedAt: IsNull() },
      order: { id: 'ASC' },
      lock: { mode: 'pessimistic_write' },
    });
    const ids = live.map(({ id }) => id);
    if (ids.length > 0) await tx.update(Session, ids, { revokedAt: now });
    await bumpVersions(tx, this.revocations, [userVersion(userId)]);
    return ids;
  }
}
