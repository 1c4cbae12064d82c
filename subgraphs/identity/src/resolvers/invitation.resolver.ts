import type { Clock } from '@platform/foundation/clock';
import { PAGED_LIST_SIZE, PageArguments, policy } from '@platform/subgraph-server/graphql';
import { Arg, Args, Ctx, Directive, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Invitation } from '../entities/index.js';
import type { IdentityContext } from '../loaders/index.js';
import type { InvitationService, InvitedRegistration, OrganizationDirectory } from '../services/organizations/index.js';
import { mapPage } from './map-page.js';
import { signedIn } from './signed-in.js';
import {
  AuthPayload,
  InvitationAnswerInput,
  InvitationConnection,
  InvitationFilterInput,
  InvitationPreview,
  InvitationView,
  InviteMemberInput,
  MembershipView,
  OrganizationView,
  RegisterWithInvitationInput,
  RoleReference,
  UserView,
} from './types/index.js';
import { namedOrganization } from './visible-organization.js';

/** Invitations, as who invites and who is invited see them. */
@Resolver(() => InvitationView)
export class InvitationResolver {
  constructor(
    private readonly services: {
      readonly invitations: InvitationService;
      readonly invited: InvitedRegistration;
      readonly directory: OrganizationDirectory;
    },
    private readonly clock: Clock,
  ) {}

  @Query(() => InvitationView, { nullable: true, description: 'One invitation of the active organization.' })
  @Directive(policy('identity.invitation.read'))
  async invitation(@Arg('id', () => ID) id: string): Promise<InvitationView | null> {
    const found = await this.services.directory.invitation(id);
    return found && this.view(found);
  }

  @Query(() => InvitationConnection, {
    nullable: true,
    description: 'Invitations of the active organization, newest first.',
  })
  @Directive(PAGED_LIST_SIZE)
  @Directive(policy('identity.invitation.read'))
  async invitations(
    @Arg('filter', () => InvitationFilterInput, { nullable: true }) filter: InvitationFilterInput | null,
    @Args(() => PageArguments) page: PageArguments,
  ): Promise<InvitationConnection> {
    return new InvitationConnection(mapPage(await this.services.directory.invitations(filter ?? {}, page), this.view));
  }

  @Query(() => [InvitationView], {
    nullable: true,
    description: "Pending invitations to the caller's verified address, of every organization.",
  })
  @Directive('@authenticated')
  async myInvitations(@Ctx() { caller }: IdentityContext): Promise<InvitationView[]> {
    return (await this.services.invitations.to(signedIn(caller))).map(this.view);
  }

  @Query(() => InvitationPreview, {
    nullable: true,
    description: 'What the page behind an invitation link shows; null for an unknown token. Consumes nothing.',
  })
  invitationPreview(@Arg('token', () => String) token: string): Promise<InvitationPreview | null> {
    return this.services.invitations.preview(token);
  }

  @FieldResolver(() => [RoleReference], {
    nullable: true,
    description: 'Roles that the member gets; null for who may not see roles there.',
  })
  roles(@Root() { invitation }: InvitationView, @Ctx() { caller }: IdentityContext): RoleReference[] | null {
    const seen = caller.tenantId === invitation.organizationId && caller.permissions.has('authz.role.read');
    return seen ? invitation.roleIds.map((id) => new RoleReference(id)) : null;
  }

  @FieldResolver(() => OrganizationView)
  organization(@Root() { invitation }: InvitationView, @Ctx() context: IdentityContext): Promise<OrganizationView> {
    return namedOrganization(invitation.organizationId, context);
  }

  @FieldResolver(() => UserView, {
    nullable: true,
    description: 'Who invited; null when their account is deleted.',
  })
  async invitedBy(@Root() { invitation }: InvitationView, @Ctx() context: IdentityContext): Promise<UserView | null> {
    const user = invitation.invitedBy === null ? null : await context.loaders.users.load(invitation.invitedBy);
    return user && UserView.for(context, user);
  }

  @Mutation(() => InvitationView, {
    nullable: true,
    description: 'Invites an address to the active organization; a pending invitation of the address is replaced.',
  })
  @Directive(policy('identity.invitation.create'))
  async inviteMember(
    @Arg('input', () => InviteMemberInput) { email, roleIds }: InviteMemberInput,
    @Ctx() { caller }: IdentityContext,
  ): Promise<InvitationView> {
    return this.view(await this.services.invitations.invite(caller, { email, roleIds: roleIds ?? [] }));
  }

  @Mutation(() => InvitationView, {
    nullable: true,
    description:
      'Mails a new link and starts the expiry anew; older links of the invitation stop working. At most once a minute.',
  })
  @Directive(policy('identity.invitation.create'))
  async resendInvitation(@Arg('id', () => ID) id: string, @Ctx() { caller }: IdentityContext): Promise<InvitationView> {
    return this.view(await this.services.invitations.resend(caller, id));
  }

  @Mutation(() => InvitationView, {
    nullable: true,
    description: 'Revokes a pending invitation; its links stop working at once.',
  })
  @Directive(policy('identity.invitation.revoke'))
  async revokeInvitation(@Arg('id', () => ID) id: string): Promise<InvitationView> {
    return this.view(await this.services.invitations.revoke(id));
  }

  @Mutation(() => MembershipView, {
    nullable: true,
    description: "Accepts an invitation to the caller's verified address, by link or from myInvitations.",
  })
  @Directive('@authenticated')
  async acceptInvitation(
    @Arg('input', () => InvitationAnswerInput) input: InvitationAnswerInput,
    @Ctx() { caller }: IdentityContext,
  ): Promise<MembershipView> {
    return new MembershipView(await this.services.invitations.accept(signedIn(caller), input));
  }

  @Mutation(() => Boolean, { description: "Declines an invitation to the caller's verified address." })
  @Directive('@authenticated')
  declineInvitation(
    @Arg('input', () => InvitationAnswerInput) input: InvitationAnswerInput,
    @Ctx() { caller }: IdentityContext,
  ): Promise<true> {
    return this.services.invitations.decline(signedIn(caller), input);
  }

  @Mutation(() => AuthPayload, {
    description:
      'Creates an account for the invited address, verified by the link, joins the organization and signs in.',
  })
  async registerWithInvitation(
    @Arg('input', () => RegisterWithInvitationInput) input: RegisterWithInvitationInput,
  ): Promise<AuthPayload> {
    return new AuthPayload(await this.services.invited.register(input));
  }

  private readonly view = (invitation: Invitation): InvitationView => new InvitationView(invitation, this.clock.now());
}
