import { Arg, Ctx, Directive, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { AuthzContext } from '../context.js';
import type { MemberService, RoleService } from '../services/index.js';

/** What identity has done about the roles of an organization and its members, in the organization of the caller. Not part of the public schema. */
@Resolver()
export class OrganizationResolver {
  constructor(
    private readonly members: MemberService,
    private readonly roles: RoleService,
  ) {}

  @Query(() => [String], {
    description:
      'The names of the roles, sorted; an error unless each exists and the caller holds whatever it permits.',
  })
  @Directive('@inaccessible')
  assignableRoles(@Arg('roleIds', () => [ID]) roleIds: string[], @Ctx() { caller }: AuthzContext): Promise<string[]> {
    return this.roles.assignable(caller, roleIds);
  }

  @Mutation(() => Boolean, {
    description: 'Makes the system roles of the organization, and the user its administrator.',
  })
  @Directive('@inaccessible')
  async establishOrganization(
    @Arg('administratorId', () => ID, { nullable: true }) administratorId?: string | null,
  ): Promise<boolean> {
    await this.members.establish(administratorId ?? null);
    return true;
  }

  @Mutation(() => Boolean, {
    description: 'Gives a new member those of the roles that exist, or the role of users where that is none.',
  })
  @Directive('@inaccessible')
  async admitMember(
    @Arg('userId', () => ID) userId: string,
    @Arg('roleIds', () => [ID]) roleIds: string[],
  ): Promise<boolean> {
    await this.members.admit(userId, roleIds);
    return true;
  }

  @Mutation(() => Boolean, { description: 'Takes every role of the organization from the user.' })
  @Directive('@inaccessible')
  async releaseMember(@Arg('userId', () => ID) userId: string): Promise<boolean> {
    await this.members.release(userId);
    return true;
  }
}
