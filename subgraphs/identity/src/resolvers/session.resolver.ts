import { policy } from '@platform/subgraph-server/graphql';
import { Arg, Ctx, Directive, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { IdentityContext } from '../loaders/index.js';
import type { Memberships } from '../services/organizations/index.js';
import type { RefreshService } from '../services/refresh.service.js';
import type { SessionService } from '../services/session.service.js';
import type { ForPlatform } from './for-platform.js';
import { signedIn } from './signed-in.js';
import { AuthPayload, OrganizationView, SessionView } from './types/index.js';
import { visibleOrganization } from './visible-organization.js';

/** How sessions go on and end. */
@Resolver(() => SessionView)
export class SessionResolver {
  constructor(
    private readonly refreshes: RefreshService,
    private readonly service: SessionService,
    private readonly memberships: Memberships,
    private readonly forPlatform: ForPlatform,
  ) {}

  @FieldResolver(() => OrganizationView, {
    nullable: true,
    description: 'Its active organization; null when there is none.',
  })
  async organization(
    @Root() { session }: SessionView,
    @Ctx() context: IdentityContext,
  ): Promise<OrganizationView | null> {
    return session.organizationId === null ? null : visibleOrganization(session.organizationId, context);
  }

  @FieldResolver(() => Boolean, { description: 'Whether its user may act in the organization now.' })
  @Directive('@inaccessible')
  actsIn(@Root() { session }: SessionView, @Arg('organizationId', () => ID) organizationId: string): Promise<boolean> {
    return this.memberships.mayActIn(session, organizationId);
  }

  @Query(() => [SessionView], { nullable: true, description: "The caller's own sessions, newest first." })
  @Directive('@authenticated')
  async sessions(@Ctx() { caller }: IdentityContext): Promise<SessionView[]> {
    return (await this.service.list(signedIn(caller))).map((session) => new SessionView(session, caller));
  }

  @Query(() => SessionView, { nullable: true, description: 'The session of this request; null for API keys.' })
  @Directive('@authenticated')
  async currentSession(@Ctx() { caller, loaders }: IdentityContext): Promise<SessionView | null> {
    const session = caller.sessionId === null ? null : await loaders.sessions.load(caller.sessionId);
    return session && new SessionView(session, caller);
  }

  @Query(() => [SessionView], { nullable: true, description: 'Live sessions of one user, newest first.' })
  @Directive(policy('identity.session.read'))
  async userSessions(
    @Arg('userId', () => ID) userId: string,
    @Ctx() { caller }: IdentityContext,
  ): Promise<SessionView[]> {
    return (await this.service.list(userId)).map((session) => new SessionView(session, caller));
  }

  @Mutation(() => AuthPayload)
  async refreshToken(
    @Arg('refreshToken', () => String) refreshToken: string,
    @Arg('organizationId', () => ID, {
      nullable: true,
      description:
        "Organization of the new access token only, so that browser tabs can differ; the session's active one without it.",
    })
    organizationId: string | null,
  ): Promise<AuthPayload> {
    return new AuthPayload(await this.forPlatform(() => this.refreshes.refresh(refreshToken, organizationId)));
  }

  @Mutation(() => Boolean, {
    description: 'Ends the session the refresh token belongs to. Always true: an unknown token is already logged out.',
  })
  logout(@Arg('refreshToken', () => String) refreshToken: string): Promise<true> {
    return this.forPlatform(() => this.service.logout(refreshToken));
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
