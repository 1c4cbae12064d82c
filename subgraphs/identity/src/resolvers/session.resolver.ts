import { policy } from '@platform/subgraph-server/graphql';
import { Arg, Ctx, Directive, ID, Int, Mutation, Query, Resolver } from 'type-graphql';
import type { IdentityContext } from '../loaders/index.js';
import type { LoginService } from '../services/login.service.js';
import type { RefreshService } from '../services/refresh.service.js';
import type { SessionService } from '../services/session.service.js';
import { signedIn } from './signed-in.js';
import { AuthPayload, LoginInput, LoginResult, SessionView } from './types/index.js';

/** How sessions begin, go on and end. */
@Resolver()
export class SessionResolver {
  constructor(
    private readonly logins: LoginService,
    private readonly refreshes: RefreshService,
    private readonly service: SessionService,
  ) {}

  @Query(() => [SessionView], { nullable: true, description: "The caller's own sessions, newest first." })
  @Directive('@authenticated')
  async sessions(@Ctx() { caller }: IdentityContext): Promise<SessionView[]> {
    return (await this.service.list(signedIn(caller))).map((session) => new SessionView(session, caller));
  }

  @Mutation(() => LoginResult)
  async login(@Arg('input', () => LoginInput) input: LoginInput): Promise<AuthPayload> {
    return new AuthPayload(await this.logins.login(input));
  }

  @Mutation(() => AuthPayload)
  async refreshToken(@Arg('refreshToken', () => String) refreshToken: string): Promise<AuthPayload> {
    return new AuthPayload(await this.refreshes.refresh(refreshToken));
  }

  @Mutation(() => Boolean, {
    description: 'Ends the session the refresh token belongs to. Always true: an unknown token is already logged out.',
  })
  logout(@Arg('refreshToken', () => String) refreshToken: string): Promise<true> {
    return this.service.logout(refreshToken);
  }

  @Mutation(() => Boolean)
  @Directive('@authenticated')
  revokeSession(@Arg('id', () => ID) id: string, @Ctx() { caller }: IdentityContext): Promise<true> {
    return this.service.revoke(signedIn(caller), id);
  }

  @Mutation(() => Int, { description: 'Ends every other session of the caller; answers how many.' })
  @Directive('@authenticated')
  revokeOtherSessions(@Ctx() { caller }: IdentityContext): Promise<number> {
    return this.service.revokeOthers(signedIn(caller), caller.sessionId);
  }

  @Mutation(() => Int)
  @Directive(policy('identity.session.revoke'))
  revokeUserSessions(@Arg('userId', () => ID) userId: string, @Ctx() { caller }: IdentityContext): Promise<number> {
    return this.service.revokeAllOf(caller, userId);
  }
}
