import { PAGED_LIST_SIZE, PageArguments, policy } from '@platform/subgraph-server/graphql';
import { Arg, Args, Ctx, Directive, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Organization } from '../entities/index.js';
import type { IdentityContext } from '../loaders/index.js';
import type {
  OrganizationCreation,
  OrganizationDirectory,
  OrganizationService,
} from '../services/organizations/index.js';
import { mapPage } from './map-page.js';
import { signedIn } from './signed-in.js';
import {
  CreateOrganizationInput,
  MemberFilterInput,
  MembershipConnection,
  MembershipView,
  OrganizationConnection,
  OrganizationFilterInput,
  OrganizationView,
  UpdateOrganizationInput,
} from './types/index.js';
import { visibleOrganization, whole } from './visible-organization.js';

/** Organizations, for their members and for operators. */
@Resolver(() => OrganizationView)
export class OrganizationResolver {
  constructor(
    private readonly directory: OrganizationDirectory,
    private readonly creation: OrganizationCreation,
    private readonly service: OrganizationService,
  ) {}

  @Query(() => OrganizationView, {
    nullable: true,
    description: 'The organization of the access token; null when the session has none.',
  })
  @Directive('@authenticated')
  async activeOrganization(@Ctx() context: IdentityContext): Promise<OrganizationView | null> {
    return visibleOrganization(context.caller.tenantId, context);
  }

  @Query(() => OrganizationView, {
    nullable: true,
    description: "One organization: one of the caller's, or any for holders of identity.organization.read.",
  })
  @Directive('@authenticated')
  organization(@Arg('id', () => ID) id: string, @Ctx() context: IdentityContext): Promise<OrganizationView | null> {
    return visibleOrganization(id, context);
  }

  @Query(() => OrganizationConnection, {
    nullable: true,
    description: 'Every organization of the platform, newest first.',
  })
  @Directive(PAGED_LIST_SIZE)
  @Directive(policy('identity.organization.read'))
  async organizations(
    @Arg('filter', () => OrganizationFilterInput, { nullable: true }) filter: OrganizationFilterInput | null,
    @Args(() => PageArguments) page: PageArguments,
    @Ctx() context: IdentityContext,
  ): Promise<OrganizationConnection> {
    const found = await this.directory.list(filter ?? {}, page);
    return new OrganizationConnection(mapPage(found, (organization) => whole(organization, context)));
  }

  @Query(() => ID, {
    nullable: true,
    description: 'The id of the organization with this slug or id, where people can act in it.',
  })
  @Directive('@inaccessible')
  organizationNamed(@Arg('name', () => String) name: string): Promise<string | null> {
    return this.directory.idOf(name);
  }

  @FieldResolver(() => Int, { nullable: true, description: 'Number of members, suspended ones included.' })
  async memberCount(@Root() { id, whole }: OrganizationView, @Ctx() context: IdentityContext): Promise<number | null> {
    return whole && seesMembers(context) ? this.directory.memberCount(id) : null;
  }

  @FieldResolver(() => MembershipConnection, { nullable: true, description: 'Its members, newest first.' })
  @Directive(PAGED_LIST_SIZE)
  @Directive(policy('identity.member.read', 'identity.organization.read'))
  async members(
    @Root() { id }: OrganizationView,
    @Arg('filter', () => MemberFilterInput, { nullable: true }) filter: MemberFilterInput | null,
    @Args(() => PageArguments) page: PageArguments,
    @Ctx() context: IdentityContext,
  ): Promise<MembershipConnection | null> {
    const { caller } = context;
    if (!seesMembers(context)) return null;
    // Permissions in the active organization do not count in another.
    const everywhere = caller.permissions.has('identity.organization.read');
    if (!everywhere && caller.tenantId !== id) return null;
    const byAddress = caller.permissions.has(everywhere ? 'identity.user.read_all' : 'identity.user.read');
    const found = await this.directory.members(id, filter ?? {}, page, byAddress);
    return new MembershipConnection(mapPage(found, (membership) => new MembershipView(membership)));
  }

  @Mutation(() => OrganizationView, {
    nullable: true,
    description:
      'Creates an organization with its system roles; the caller becomes its administrator, or ownerEmail is invited as one.',
  })
  @Directive('@authenticated')
  async createOrganization(
    @Arg('input', () => CreateOrganizationInput) input: CreateOrganizationInput,
    @Ctx() context: IdentityContext,
  ): Promise<OrganizationView> {
    return whole(await this.creation.create(context.caller, signedIn(context.caller), input), context);
  }

  @Mutation(() => OrganizationView, {
    nullable: true,
    description: 'Changes the active organization, or any for holders of identity.organization.manage.',
  })
  @Directive(policy('identity.organization.update', 'identity.organization.manage'))
  updateOrganization(
    @Arg('id', () => ID) id: string,
    @Arg('input', () => UpdateOrganizationInput) input: UpdateOrganizationInput,
    @Ctx() context: IdentityContext,
  ): Promise<OrganizationView> {
    return changed(this.service.update(context.caller, id, input), context);
  }

  @Mutation(() => OrganizationView, {
    nullable: true,
    description:
      'Deletes the active organization, or any for holders of identity.organization.manage: access ends at once, data is erased at deletesAt. Needs a recent authentication.',
  })
  @Directive(policy('identity.organization.delete', 'identity.organization.manage'))
  deleteOrganization(@Arg('id', () => ID) id: string, @Ctx() context: IdentityContext): Promise<OrganizationView> {
    return changed(this.service.delete(context.caller, id), context);
  }

  @Mutation(() => OrganizationView, {
    nullable: true,
    description: 'Brings a deleted organization back before deletesAt.',
  })
  @Directive(policy('identity.organization.manage'))
  restoreOrganization(@Arg('id', () => ID) id: string, @Ctx() context: IdentityContext): Promise<OrganizationView> {
    return changed(this.service.restore(context.caller, id), context);
  }

  @Mutation(() => OrganizationView, {
    nullable: true,
    description: 'Suspends an organization: nobody can act in it, and nothing is erased.',
  })
  @Directive(policy('identity.organization.manage'))
  suspendOrganization(
    @Arg('id', () => ID) id: string,
    @Arg('reason', () => String, { description: 'Why, 1 to 500 characters; shown to its members.' }) reason: string,
    @Ctx() context: IdentityContext,
  ): Promise<OrganizationView> {
    return changed(this.service.suspend(context.caller, id, reason), context);
  }

  @Mutation(() => OrganizationView, { nullable: true, description: 'Ends a suspension.' })
  @Directive(policy('identity.organization.manage'))
  reactivateOrganization(@Arg('id', () => ID) id: string, @Ctx() context: IdentityContext): Promise<OrganizationView> {
    return changed(this.service.reactivate(context.caller, id), context);
  }
}

const changed = async (change: Promise<Organization>, context: IdentityContext): Promise<OrganizationView> =>
  whole(await change, context);

/** Where everybody belongs to one organization, who its members are is who has an account. */
const seesMembers = ({ caller, loaders }: IdentityContext): boolean =>
  !loaders.single || caller.permissions.has('identity.user.read');
