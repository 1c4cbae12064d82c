import { userLoggedIn } from '@platform/contracts';
import type { Outbox } from '@platform/outbox';
import type { EntityManager } from 'typeorm';
import type { AuthenticationMethod, Session, User } from '../entities/index.js';
import { currentDevice } from './current-device.js';
import type { Memberships } from './organizations/memberships.js';
import type { RefreshTokens } from './tokens/index.js';

/** A session that has begun: its tokens are granted once that is committed. */
export interface BegunSession {
  readonly user: User;
  readonly session: Session;
  readonly refreshToken: string;
}

/** How a session begins, whichever way the user proved who they are. */
export class SignIn {
  constructor(
    private readonly outbox: Outbox,
    private readonly refreshTokens: RefreshTokens,
    private readonly memberships: Memberships,
  ) {}

  /** @param user with their row locked; active and verified. @param organizationId where it acts: where a login of the user does, when left out. */
  async begin(
    tx: EntityManager,
    user: User,
    methods: AuthenticationMethod[],
    organizationId?: string,
  ): Promise<BegunSession> {
    const owner = {
      userId: user.id,
      organizationId: organizationId ?? (await this.memberships.entered(tx, user)),
      methods,
    };
    const begun = await this.refreshTokens.begin(tx, owner, currentDevice());
    const data = { userId: user.id, sessionId: begun.session.id, methods, organizationId: owner.organizationId };
    await this.outbox.add(tx, userLoggedIn, { subject: user.id, actor: user.id, data });
    return { user, ...begun };
  }
}
