import type { Caller } from '@platform/auth';
import { passwordChanged } from '@platform/contracts';
import type { Clock } from '@platform/foundation/clock';
import { Unauthenticated } from '@platform/foundation/errors';
import type { Outbox } from '@platform/outbox';
import type { Database } from '@platform/postgres/database';
import type { EntityManager } from 'typeorm';
import {
  AuthenticationMethod,
  InvalidCredentials,
  isSecondFactor,
  Session,
  User,
  UserNotFound,
} from '../entities/index.js';
import { InputCheck, newPassword } from '../entities/rules/index.js';
import type { Credentials, KnownNetworks } from './credentials/index.js';
import { currentDevice } from './current-device.js';
import { lockedUser } from './locked-user.js';
import type { Memberships } from './organizations/index.js';
import type { SessionRevocation } from './session-revocation.js';
import type { AccessTokens, OneTimeTokens, RefreshTokens, TokenResponse } from './tokens/index.js';

/** The tokens that a new password ends and begins. */
interface TokenServices {
  readonly oneTime: OneTimeTokens;
  readonly refresh: RefreshTokens;
  readonly access: AccessTokens;
}

/** Replacing one's own password. */
export class PasswordChangeService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly signingIn: { readonly credentials: Credentials; readonly networks: KnownNetworks },
    private readonly tokens: TokenServices,
    private readonly sessionRevocation: SessionRevocation,
    private readonly memberships: Memberships,
    private readonly clock: Clock,
  ) {}

  /** Ends every session of the user, also the current one, and begins a new one. @throws UserNotFound, InvalidCredentials for a wrong old password, BadUserInput, RateLimited, ServiceBusy */
  async change(
    { sessionId }: Pick<Caller, 'sessionId'>,
    userId: string,
    input: { oldPassword: string; newPassword: string },
  ): Promise<TokenResponse> {
    const user = await this.database.read.findOneBy(User, { id: userId });
    if (!user) throw new UserNotFound();
    const check = new InputCheck();
    const password = check.field('newPassword', () => newPassword(input.newPassword, user));
    check.finish();
    const { credentials, networks } = this.signingIn;
    const checked = await credentials.checkOwn(userId, input.oldPassword);
    if (!checked.right) throw new InvalidCredentials();

    const passwordHash = await credentials.hash(password);
    const begun = await this.database.transaction(async (tx) => {
      const locked = await lockedUser(tx, userId);
      const replaced = await this.liveSession(tx, sessionId);
      await credentials.confirm(tx, checked);
      await credentials.replace(tx, userId, passwordHash);
      await this.tokens.oneTime.revokeAll(tx, userId);
      // What was shown in the session that is replaced goes on to hold.
      const methods = [AuthenticationMethod.PASSWORD, ...(replaced?.methods.filter(isSecondFactor) ?? [])];
      await this.sessionRevocation.revoke(tx, userId);
      await this.outbox.add(tx, passwordChanged, { subject: userId, data: { userId, by: 'change' } });
      const organizationId = await this.memberships.entered(tx, locked, methods.some(isSecondFactor));
      const session = await this.tokens.refresh.begin(tx, { userId, organizationId, methods }, currentDevice());
      networks.rememberAfter(tx, locked, passwordHash);
      return { user: locked, ...session };
    });
    return this.tokens.access.grant(begun.user, begun.session, begun.refreshToken);
  }

  /** The caller's session: one that has ended meanwhile changes nothing. @throws Unauthenticated */
  private async liveSession(tx: EntityManager, sessionId: string | null): Promise<Session | null> {
    if (sessionId === null) return null;
    const session = await tx.findOneBy(Session, { id: sessionId });
    if (!session?.isLive(this.clock.now())) throw new Unauthenticated('The session has ended.');
    return session;
  }
}
