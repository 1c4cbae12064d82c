import type { Caller } from '@platform/auth';
import { CodedError } from '@platform/foundation/errors';
import { waitingForOthers } from '@platform/foundation/request-bounds';
import { retry } from '@platform/foundation/retry';
import { afterCommit, type Database } from '@platform/postgres/database';
import { type EntityManager, Not } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { LastAdministrator, User, UserStatus } from '../entities/index.js';
import type { AuthzClient } from './authz-client.js';
import { lockedUser } from './locked-user.js';

/** In ms: how long a change waits for other changes of administrators to end. */
const CONTENTION_TIMEOUT_MS = 3_000;

interface Change<T> {
  /** Whether the user cannot sign in, or not act in the organization, any more afterwards. */
  readonly endsSignIn: (user: User) => boolean;
  /** In which organizations that is so: in the actor's alone unless said otherwise. */
  readonly organizations?: (tx: EntityManager, user: User) => Promise<readonly string[]>;
  readonly apply: (tx: EntityManager, user: User) => Promise<T>;
}

/**
 * The one way to change a user for somebody. The user's row is locked while authz decides, and until the commit: no role is
 * assigned in between, and no other administrator goes who counts on this one.
 */
export class ManagedUsers {
  constructor(
    private readonly database: Database,
    private readonly authz: AuthzClient,
  ) {}

  /** @throws UserNotFound; PERMISSION_NOT_HELD when the user holds what the actor does not; LastAdministrator; ServiceUnavailable */
  async change<T>(actor: Caller, userId: string, { endsSignIn, organizations, apply }: Change<T>): Promise<T> {
    await this.assertMayActOn(actor, userId);
    const change = () =>
      this.database.transaction(async (tx) => {
        const user = await lockedUser(tx, userId);
        const ends = endsSignIn(user);
        const organizationIds = ends ? ((await organizations?.(tx, user)) ?? [actor.tenantId]) : [];
        await this.authz.assertMayChange(actor, { userId: user.id, endsSignIn: ends, organizationIds });
        const { status } = user;
        const result = await apply(tx, user);
        if (user.status !== status) afterCommit(tx, () => this.authz.refreshState(user.id));
        return result;
      });
    const attempt = () => waitingForOthers(change);
    try {
      // Two administrators may go at the same moment, each counting on the other: both let go, and try again.
      return await retry(attempt, {
        initialDelay: 5,
        jitter: 5,
        maxElapsedTime: CONTENTION_TIMEOUT_MS,
        isRetryable: isContention,
      });
    } catch (error) {
      throw isContention(error) ? new LastAdministrator() : error;
    }
  }

  /**
   * Comes before anything is held: behind an authz that is slow or away nobody waits for the row, nor for a connection. What it answers is
   * asked again under the lock. A user who is gone is left to that: the change may be one that is repeated.
   */
  private async assertMayActOn(actor: Caller, userId: string): Promise<void> {
    if (!isUuid(userId)) return;
    const where = { id: userId, status: Not(UserStatus.DELETED) };
    const user = await this.database.read.findOne(User, { select: { id: true }, where });
    if (user) await this.authz.assertMayActOn(actor, user.id);
  }
}

const isContention = (error: unknown): boolean =>
  error instanceof CodedError && error.code === 'ADMINISTRATORS_CHANGING';
