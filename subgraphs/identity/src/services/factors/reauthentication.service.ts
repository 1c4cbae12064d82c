import type { Caller } from '@platform/auth';
import { sessionReauthenticated } from '@platform/contracts';
import type { Clock } from '@platform/foundation/clock';
import { SessionRequired, Unauthenticated } from '@platform/foundation/errors';
import type { Outbox } from '@platform/outbox';
import type { Database } from '@platform/postgres/database';
import type { EntityManager } from 'typeorm';
import {
  AuthenticationMethod,
  type Challenge,
  InvalidCode,
  InvalidCredentials,
  Session,
  User,
} from '../../entities/index.js';
import type { Credentials } from '../credentials/index.js';
import { lockedUser } from '../locked-user.js';
import type { AuthenticatedSessions } from './authenticated-sessions.js';
import type { Challenges } from './challenges.js';
import { loginMethodsOf, proofsOf } from './login-methods.js';
import type { SecondFactors } from './second-factors.js';

/** How a session's user can prove who they are again. */
export interface ReauthenticationChallenge {
  readonly challenge: string;
  readonly methods: readonly AuthenticationMethod[];
  readonly passkeyOptions: unknown;
}

interface Proof {
  readonly challenge: string;
  readonly method: AuthenticationMethod;
  readonly response: string;
}

/** Proofs within a session that its user is who began it. */
export class ReauthenticationService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly parts: {
      readonly sessions: AuthenticatedSessions;
      readonly credentials: Credentials;
      readonly challenges: Challenges;
      readonly factors: SecondFactors;
    },
    private readonly clock: Clock,
  ) {}

  /** @throws SessionRequired, Unauthenticated when the session has ended */
  async begin({ sessionId }: Caller, userId: string): Promise<ReauthenticationChallenge> {
    if (sessionId === null) throw new SessionRequired();
    const { challenges, factors } = this.parts;
    const session = await this.database.read.findOneBy(Session, { id: sessionId, userId });
    if (!session?.isLive(this.clock.now())) throw new Unauthenticated('The session has ended.');
    const ways = await loginMethodsOf(this.database.read, userId);
    const asked = { purpose: 'REAUTHENTICATION', userId, sessionId, signed: ways.passkeys > 0 } as const;
    const { secret, signed } = await this.database.transaction((tx) => challenges.put(tx, asked));
    const passkeyOptions =
      signed && (await factors.passkeys.requestOptions(signed, await factors.passkeys.of(this.database.read, userId)));
    return { challenge: secret, methods: proofsOf(ways), passkeyOptions };
  }

  /** @throws SessionRequired, InvalidChallenge, InvalidCredentials for a wrong password, InvalidCode for anything else that is wrong, RateLimited, ServiceBusy */
  async prove({ sessionId }: Caller, userId: string, proof: Proof): Promise<Session> {
    if (sessionId === null) throw new SessionRequired();
    const challenge = await this.parts.challenges.attempt('REAUTHENTICATION', proof.challenge, sessionId);
    switch (proof.method) {
      case AuthenticationMethod.PASSWORD:
        return this.byPassword(userId, sessionId, challenge, proof.response);
      case AuthenticationMethod.TOTP:
      case AuthenticationMethod.PASSKEY:
        return this.byFactor(userId, sessionId, challenge, { method: proof.method, answer: proof.response });
      default:
        throw new InvalidCode();
    }
  }

  private async byPassword(userId: string, sessionId: string, challenge: Challenge, password: string) {
    const { credentials } = this.parts;
    const checked = await credentials.checkOwn(userId, password);
    if (!checked.right) throw new InvalidCredentials();
    return this.database.transaction(async (tx) => {
      await lockedUser(tx, userId);
      await credentials.confirm(tx, checked);
      return this.proved(tx, userId, sessionId, challenge, AuthenticationMethod.PASSWORD);
    });
  }

  private async byFactor(
    userId: string,
    sessionId: string,
    challenge: Challenge,
    given: { readonly method: AuthenticationMethod.TOTP | AuthenticationMethod.PASSKEY; readonly answer: string },
  ) {
    const { factors } = this.parts;
    const user = await this.database.read.findOneBy(User, { id: userId });
    const session = await factors.guarded(user ?? { id: userId, email: null }, () =>
      this.database.transaction(async (tx) => {
        const locked = await lockedUser(tx, userId);
        if (!(await factors.redeem(tx, locked, challenge, given))) return null;
        return this.proved(tx, userId, sessionId, challenge, given.method);
      }),
    );
    if (!session) throw new InvalidCode();
    return session;
  }

  private async proved(
    tx: EntityManager,
    userId: string,
    sessionId: string,
    challenge: Challenge,
    method: AuthenticationMethod.PASSWORD | AuthenticationMethod.TOTP | AuthenticationMethod.PASSKEY,
  ): Promise<Session> {
    await this.parts.challenges.close(tx, challenge);
    const session = await this.parts.sessions.authenticated(tx, userId, sessionId, method);
    const data = { userId, sessionId, method };
    await this.outbox.add(tx, sessionReauthenticated, { subject: sessionId, data });
    return session;
  }
}
