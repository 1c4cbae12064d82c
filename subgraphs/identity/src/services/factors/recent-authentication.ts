import { type Caller, isMachine } from '@platform/auth';
import type { Clock } from '@platform/foundation/clock';
import { SessionRequired, Unauthenticated } from '@platform/foundation/errors';
import type { Database } from '@platform/postgres/database';
import { ReauthenticationRequired, Session } from '../../entities/index.js';
import { loginMethodsOf, proofsOf } from './login-methods.js';

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
    const { userId, sessionId } = caller;
    if (isMachine(caller)) throw new SessionRequired();
    if (userId === null) throw new Unauthenticated();
    if (sessionId === null) throw new SessionRequired();
    const session = await manager.findOneBy(Session, { id: sessionId, userId });
    const now = this.clock.now();
    if (!session?.isLive(now)) throw new Unauthenticated('The session has ended.');
    if (session.authenticatedAt.getTime() + this.maxAge > now.getTime()) return session;
    const methods = proofsOf(await loginMethodsOf(manager, userId));
    throw new ReauthenticationRequired(Math.floor(this.maxAge / 1000), methods);
  }
}
