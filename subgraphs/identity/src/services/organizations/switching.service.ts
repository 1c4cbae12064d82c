import type { Caller } from '@platform/auth';
import { sessionOrganizationSwitched } from '@platform/contracts';
import type { Clock } from '@platform/foundation/clock';
import { Unauthenticated } from '@platform/foundation/errors';
import type { Outbox } from '@platform/outbox';
import type { Database } from '@platform/postgres/database';
import { withTenant } from '@platform/postgres/tenancy';
import type { EntityManager } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { OrganizationNotFound, Session, User } from '../../entities/index.js';
import { currentDevice } from '../current-device.js';
import { lockedUser } from '../locked-user.js';
import type { AccessTokens, RefreshTokens, TokenResponse } from '../tokens/index.js';
import type { Memberships } from './memberships.js';

/** How a session comes to act in another of its user's organizations. */
export class SwitchingService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly memberships: Memberships,
    private readonly tokens: { readonly refresh: RefreshTokens; readonly access: AccessTokens },
    private readonly clock: Clock,
  ) {}

  /** New tokens for the same session; the next login begins there, too. @throws as `Memberships.enterable`; Unauthenticated */
  async switch({ sessionId }: Caller, userId: string, organizationId: string): Promise<TokenResponse> {
    if (!isUuid(organizationId)) throw new OrganizationNotFound();
    const id = organizationId.toLowerCase();
    const switched = await withTenant(id, () =>
      this.database.transaction((tx) => this.enter(tx, userId, sessionId, id)),
    );
    return this.tokens.access.grant(switched.user, switched.session, switched.refreshToken);
  }

  private async enter(tx: EntityManager, userId: string, sessionId: string | null, organizationId: string) {
    const user = await lockedUser(tx, userId);
    if (sessionId === null) throw new Unauthenticated('This needs a session.');
    const where = { id: sessionId, userId };
    const session = await tx.findOne(Session, { where, lock: { mode: 'pessimistic_write' } });
    if (!session?.isLive(this.clock.now())) throw new Unauthenticated('The session has ended.');
    await this.memberships.enterable(tx, session, organizationId);
    await this.memberships.continues(tx, session, organizationId);
    session.organizationId = organizationId;
    await tx.update(Session, { id: session.id }, { organizationId });
    await tx.update(User, { id: userId }, { lastOrganizationId: organizationId });
    const refreshToken = await this.tokens.refresh.renew(tx, session, currentDevice());
    const data = { userId, sessionId: session.id, organizationId };
    await this.outbox.add(tx, sessionOrganizationSwitched, { subject: session.id, data });
    return { user, session, refreshToken };
  }
}
