import { type Caller, isMachine } from '@platform/auth';
import type { Clock } from '@platform/foundation/clock';
import { SessionRequired, Unauthenticated } from '@platform/foundation/errors';
import type { Database } from '@platform/postgres/database';
import type { EntityManager } from 'typeorm';
import { type AuthenticationMethod, isSecondFactor, ReauthenticationRequired, Session } from '../../entities/index.js';
import { type LoginMethods, loginMethodsOf, proofsOf } from './login-methods.js';

/** Asks of a session that its user has proved lately who they are: a stolen one cannot change what the account is protected by. */
export class RecentAuthentication {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    /** In ms. */
    private readonly maxAge: number,
  ) {}

  /** Answers the caller's session. @throws Unauthenticated, SessionRequired for a machine, ReauthenticationRequired */
  async require(caller: Caller, manager = this.database.read): Promise<Session> {
    const session = await this.live(caller, manager);
    if (!this.isRecent(session)) throw this.asked(proofsOf(await loginMethodsOf(manager, session.userId)));
    return session;
  }

  /**
   * The same of a session that has shown a second factor, where the account is protected by one: a password alone changes nothing about
   * them. @param isProtected whether it is. @throws as `require`
   */
  async requireFactor(
    caller: Caller,
    isProtected: (ways: LoginMethods) => boolean,
    manager = this.database.read,
  ): Promise<Session> {
    await this.require(caller, manager);
    return this.assertShown(caller, isProtected, manager);
  }

  /** The same, however long ago. @throws as `require` */
  async assertShown(
    caller: Caller,
    isProtected: (ways: LoginMethods) => boolean,
    manager = this.database.read,
  ): Promise<Session> {
    const session = await this.live(caller, manager);
    if (session.hasSecondFactor) return session;
    const ways = await loginMethodsOf(manager, session.userId);
    if (isProtected(ways)) throw this.asked(proofsOf(ways).filter(isSecondFactor));
    return session;
  }

  private async live(caller: Caller, manager: EntityManager): Promise<Session> {
    const { userId, sessionId } = caller;
    if (isMachine(caller)) throw new SessionRequired();
    if (userId === null) throw new Unauthenticated();
    if (sessionId === null) throw new SessionRequired();
    const session = await manager.findOneBy(Session, { id: sessionId, userId });
    if (!session?.isLive(this.clock.now())) throw new Unauthenticated('The session has ended.');
    return session;
  }

  private isRecent({ authenticatedAt }: Session): boolean {
    return authenticatedAt.getTime() + this.maxAge > this.clock.now().getTime();
  }

  private asked(methods: readonly AuthenticationMethod[]): ReauthenticationRequired {
    return new ReauthenticationRequired(Math.floor(this.maxAge / 1000), methods);
  }
}
