import { DateTime, policy } from '@platform/subgraph-server/graphql';
import { Arg, Ctx, Directive, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import { User } from '../entities/index.js';
import type { IdentityContext } from '../loaders/index.js';
import type { MemberService, SwitchingService } from '../services/organizations/index.js';
import { signedIn } from './signed-in.js';
import { AuthPayload, MembershipView, OrganizationView, UserView } from './types/index.js';
import { namedOrganization } from './visible-organization.js';

/** Who belongs to an organization, and how that changes. */
@Resolver(() => MembershipView)
export class MembershipResolver {
  constructor(
    private readonly members: MemberService,
    private readonly switching: SwitchingService,
  ) {}

  @FieldResolver(() => OrganizationView, { description: 'The organization.' })
  organization(@Root() { membership }: MembershipView, @Ctx() context: IdentityContext): Promise<OrganizationView> {
    return namedOrganization(membership.organizationId, context);
  }

  @FieldResolver(() => UserView, { description: 'The member.' })
  async user(@Root() { membership }: MembershipView, @Ctx() context: IdentityContext): Promise<UserView> {
    const { userId } = membership;
    return UserView.for(context, (await context.loaders.referredUsers.load(userId)) ?? User.gone(userId));
  }

  @FieldResolver(() => UserView, {
    nullable: true,
    description: 'Who invited the user; null when nobody did or their account is deleted.',
  })
  async invitedBy(@Root() { membership }: MembershipView, @Ctx() context: IdentityContext): Promise<UserView | null> {
    const user = membership.invitedBy === null ? null : await context.loaders.users.load(membership.invitedBy);
    return user && UserView.for(context, user);
  }

  @FieldResolver(() => DateTime, {
    nullable: true,
    description: 'When the user last acted in the organization, to the hour; holders of identity.member.read.',
  })
  lastActiveAt(@Root() { membership }: MembershipView, @Ctx() { caller }: IdentityContext): Date | null {
    const here = caller.tenantId === membership.organizationId && caller.permissions.has('identity.member.read');
    return here || caller.permissions.has('identity.organization.read') ? membership.lastActiveAt : null;
  }

  @Mutation(() => AuthPayload, {
    description:
      "Makes another of the caller's organizations the session's active one, remembers it for the next login, and returns new tokens.",
  })
  @Directive('@authenticated')
  async switchOrganization(@Arg('id', () => ID) id: string, @Ctx() { caller }: IdentityContext): Promise<AuthPayload> {
    return new AuthPayload(await this.switching.switch(caller, signedIn(caller), id));
  }

  @Mutation(() => Boolean, {
    description: "Leaves one of the caller's organizations; refused to its last administrator.",
  })
  @Directive('@authenticated')
  leaveOrganization(@Arg('id', () => ID) id: string, @Ctx() { caller }: IdentityContext): Promise<true> {
    return this.members.leave(caller, signedIn(caller), id);
  }

  @Mutation(() => MembershipView, {
    nullable: true,
    description: 'Suspends a member of the active organization: access there stops at once, roles are kept.',
  })
  @Directive(policy('identity.member.update'))
  async suspendMember(
    @Arg('userId', () => ID) userId: string,
    @Arg('reason', () => String, { description: 'Why, 1 to 500 characters; recorded in the audit log.' })
    reason: string,
    @Ctx() { caller }: IdentityContext,
  ): Promise<MembershipView> {
    return new MembershipView(await this.members.suspend(caller, userId, reason));
  }

  @Mutation(() => MembershipView, { nullable: true, description: "Ends a member's suspension." })
  @Directive(policy('identity.member.update'))
  async reactivateMember(
    @Arg('userId', () => ID) userId: string,
    @Ctx() { caller }: IdentityContext,
  ): Promise<MembershipView> {
    return new MembershipView(await this.members.reactivate(caller, userId));
  }

  @Mutation(() => Boolean, {
    description: 'Removes a member from the active organization with their roles there; the account stays.',
  })
  @Directive(policy('identity.member.remove'))
  removeMember(@Arg('userId', () => ID) userId: string, @Ctx() { caller }: IdentityContext): Promise<true> {
    return this.members.remove(caller, userId);
  }
}
