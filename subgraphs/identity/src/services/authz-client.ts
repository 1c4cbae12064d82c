import { type Caller, serviceCaller } from '@platform/auth';
import { ServiceUnavailable } from '@platform/foundation/errors';
import type { Logger } from '@platform/foundation/logging';
import type { PeerClient } from '@platform/subgraph-server/subgraph';

/** What authz refuses. The last one passes: another change of administrators has not ended yet. */
export const AUTHZ_REJECTIONS = ['PERMISSION_NOT_HELD', 'LAST_ADMINISTRATOR', 'ADMINISTRATORS_CHANGING'] as const;

const MAY_CHANGE = `query MayChangeUser($userId: ID!, $endsSignIn: Boolean!) {
  mayChangeUser(userId: $userId, endsSignIn: $endsSignIn)
}`;

const REFRESH = 'query RefreshUserState($userId: ID!) { refreshUserState(userId: $userId) }';

/** What identity asks of authz, and tells it. */
export class AuthzClient {
  /** @param locked the same authz, with the shorter time that it has while the user's row is locked. */
  constructor(
    private readonly authz: PeerClient,
    private readonly locked: PeerClient,
    private readonly tenantId: string,
    private readonly logger: Logger,
  ) {}

  /** Whether the actor may act on the user, by what both hold at the moment. @throws CodedError with one of the refusals; ServiceUnavailable */
  assertMayActOn(actor: Caller, userId: string): Promise<void> {
    return assertAllowed(this.authz, actor, { userId, endsSignIn: false });
  }

  /** Decides, while the user's row is locked. @throws CodedError with one of the refusals; ServiceUnavailable */
  assertMayChange(actor: Caller, userId: string, endsSignIn: boolean): Promise<void> {
    return assertAllowed(this.locked, actor, { userId, endsSignIn });
  }

  /** Lets authz know of a committed change before the mutation returns. Best effort: the event of the change does the same, later. */
  async refreshState(userId: string): Promise<void> {
    try {
      await this.authz.ask(serviceCaller('identity', this.tenantId), REFRESH, { userId });
    } catch (error) {
      this.logger.warn({ err: error, userId }, 'authz refresh failed; waiting for the event');
    }
  }
}

async function assertAllowed(
  authz: PeerClient,
  actor: Caller,
  change: { userId: string; endsSignIn: boolean },
): Promise<void> {
  const answer = await authz.ask<{ mayChangeUser: boolean }>(actor, MAY_CHANGE, change);
  if (answer.mayChangeUser !== true) throw new ServiceUnavailable();
}
