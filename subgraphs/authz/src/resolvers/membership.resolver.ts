import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { AuthzContext } from '../context.js';
import { Membership, Role } from '../entities/index.js';

@Resolver(() => Membership)
export class MembershipResolver {
  @FieldResolver(() => [Role], {
    nullable: true,
    description:
      'Those in that organization, also when it is not the active one. The user themself, and holders of authz.role.read there; null for others, without an error.',
  })
  async roles(@Root() membership: Membership, @Ctx() { caller, loaders }: AuthzContext): Promise<Role[] | null> {
    return membership.isOpenTo(caller) ? loaders.rolesByMembership.load(membership) : null;
  }
}
