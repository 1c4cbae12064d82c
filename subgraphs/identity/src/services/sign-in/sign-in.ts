import { loginFailed, newDevice, secondFactorRequested, userLoggedIn } from '@platform/contracts';
import type { CodedError } from '@platform/foundation/errors';
import type { Outbox } from '@platform/outbox';
import type { Database } from '@platform/postgres/database';
import type { EntityManager } from 'typeorm';
import {
  AccountLocked,
  type AuthenticationMethod,
  type Device,
  EmailNotVerified,
  isSecondFactor,
  type Session,
  User,
  UserStatus,
} from '../../entities/index.js';
import type { KnownNetworks } from '../credentials/index.js';
import { currentDevice } from '../current-device.js';
import { deviceName } from '../device-name.js';
import { type Challenges, loginMethodsOf, type MfaMethod, type SecondFactors } from '../factors/index.js';
import type { Memberships } from '../organizations/memberships.js';
import type { RefreshTokens } from '../tokens/index.js';

/** A session that has begun: its tokens are granted once that is committed. */
export interface BegunSession {
  readonly user: User;
  readonly session: Session;
  readonly refreshToken: string;
}

/** What a login still asks for. */
export interface SecondStep {
  readonly challenge: string;
  readonly methods: readonly MfaMethod[];
  /** PublicKeyCredentialRequestOptionsJSON; null when no passkey can answer. */
  readonly passkeyOptions: unknown;
}

/** Why a login was refused, as its event tells. */
export type LoginFailure =
  | 'unknown_account'
  | 'wrong_password'
  | 'wrong_second_factor'
  | 'wrong_passkey'
  | 'email_not_verified'
  | 'account_locked'
  | 'account_link_required'
  | 'provider_email_unverified'
  | 'registration_closed';

/** Events need a subject; the address that was tried is nobody's business. */
const UNKNOWN_ACCOUNT = 'unknown';

/** How a session begins, whichever way the user proved who they are. */
export class SignIn {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly parts: {
      readonly refreshTokens: RefreshTokens;
      readonly memberships: Memberships;
      readonly networks: KnownNetworks;
      readonly challenges: Challenges;
      readonly factors: SecondFactors;
    },
  ) {}

  /**
   * Begins a session, or asks for the second factor that the account has and the user has not shown.
   * @param user with their row locked; active and verified. @param passwordHash when the account has a password and it is at hand.
   */
  async enter(
    tx: EntityManager,
    user: User,
    methods: readonly AuthenticationMethod[],
    passwordHash?: string,
  ): Promise<BegunSession | SecondStep> {
    const { challenges, factors } = this.parts;
    const ways = methods.some(isSecondFactor) ? null : await loginMethodsOf(tx, user.id);
    if (!ways?.secondStep) return this.begin(tx, user, methods, { passwordHash });

    const asked = { purpose: 'SECOND_FACTOR', userId: user.id, methods, signed: ways.passkeys > 0 } as const;
    const { secret, signed } = await challenges.put(tx, asked);
    await this.outbox.add(tx, secondFactorRequested, { subject: user.id, actor: user.id, data: { userId: user.id } });
    const passkeyOptions =
      signed && (await factors.passkeys.requestOptions(signed, await factors.passkeys.of(tx, user.id)));
    return { challenge: secret, methods: factors.offered(ways), passkeyOptions };
  }

  /** @param user with their row locked; active and verified. @param options.organizationId where it acts, if it may: else, and when left out, where a login of the user does. */
  async begin(
    tx: EntityManager,
    user: User,
    methods: readonly AuthenticationMethod[],
    { organizationId, passwordHash }: { organizationId?: string; passwordHash?: string | undefined } = {},
  ): Promise<BegunSession> {
    const { refreshTokens, memberships, networks } = this.parts;
    const { id, lastOrganizationId } = user;
    const wanted = { id, lastOrganizationId: organizationId ?? lastOrganizationId };
    const entered = await memberships.entered(tx, wanted, methods.some(isSecondFactor));
    const owner = { userId: user.id, organizationId: entered, methods: [...methods] };
    const device = currentDevice();
    const isNew = await this.isNew(tx, user.id, device);
    const begun = await refreshTokens.begin(tx, owner, device);
    await tx.update(User, { id: user.id }, { lastLoginAt: begun.session.createdAt });
    if (passwordHash !== undefined) networks.rememberAfter(tx, user, passwordHash);
    const data = { userId: user.id, sessionId: begun.session.id, methods: owner.methods, organizationId: entered };
    await this.outbox.add(tx, userLoggedIn, { subject: user.id, actor: user.id, data });
    if (isNew) await this.tell(tx, begun.session, device);
    return { user, ...begun };
  }

  /** Whether sessions of the user are still kept, and none was on a device of the same name. */
  private async isNew(tx: EntityManager, userId: string, { userAgent }: Device): Promise<boolean> {
    const seen: { agent: string | null }[] = await tx.query(
      'SELECT DISTINCT user_agent AS agent FROM sessions WHERE user_id = $1 LIMIT 100',
      [userId],
    );
    const isKnown = seen.some(({ agent }) => agent === userAgent || deviceName(agent) === deviceName(userAgent));
    return seen.length > 0 && !isKnown;
  }

  private tell(tx: EntityManager, { id, userId }: Session, { userAgent }: Device): Promise<void> {
    const data = { userId, sessionId: id, deviceName: deviceName(userAgent) };
    return this.outbox.add(tx, newDevice, { subject: id, actor: userId, data });
  }

  /** Records a login that was refused. @throws the error */
  async refuse(userId: string | null, reason: LoginFailure, error: CodedError): Promise<never> {
    await this.database.transaction((tx) =>
      this.outbox.add(tx, loginFailed, { subject: userId ?? UNKNOWN_ACCOUNT, actor: null, data: { userId, reason } }),
    );
    throw error;
  }
}

/** Why the account cannot be signed in to, whatever its user shows; undefined when it can. */
export function rejectionOf({ status, emailVerified }: User): { reason: LoginFailure; error: CodedError } | undefined {
  if (status !== UserStatus.ACTIVE) return { reason: 'account_locked', error: new AccountLocked() };
  if (!emailVerified) return { reason: 'email_not_verified', error: new EmailNotVerified() };
  return undefined;
}
