import { policy } from '@platform/subgraph-server/graphql';
import { Arg, Ctx, Directive, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import type { AuthzContext } from '../context.js';
import { Role, User } from '../entities/index.js';
import type { AssignmentService } from '../services/index.js';

@Resolver(() => User)
export class UserResolver {
  constructor(private readonly assignments: AssignmentService) {}

  @Mutation(() => User, { nullable: true })
  @Directive(policy('authz.role.assign'))
  assignRoles(
    @Arg('userId', () => ID) userId: string,
    @Arg('roleIds', () => [ID]) roleIds: string[],
    @Ctx() { caller }: AuthzContext,
  ): Promise<User> {
    return this.assignments.assign(caller, userId, roleIds);
  }

  @Mutation(() => User, { nullable: true })
  @Directive(policy('authz.role.assign'))
  revokeRoles(
    @Arg('userId', () => ID) userId: string,
    @Arg('roleIds', () => [ID]) roleIds: string[],
    @Ctx() { caller }: AuthzContext,
  ): Promise<User> {
    return this.assignments.revoke(caller, userId, roleIds);
  }

  @FieldResolver(() => [Role], {
    nullable: true,
    description: 'The user themself and holders of authz.role.read; null for others, without an error.',
  })
  async roles(@Root() user: User, @Ctx() { caller, loaders }: AuthzContext): Promise<Role[] | null> {
    return user.isOpenTo(caller) ? loaders.rolesByUserId.load(user.id) : null;
  }

  @FieldResolver(() => [String], { nullable: true, description: 'Permission codes in effect, from every role.' })
  async permissions(@Root() user: User, @Ctx() { caller, loaders }: AuthzContext): Promise<readonly string[] | null> {
    return user.isOpenTo(caller) ? loaders.codesByUserId.load(user.id) : null;
  }
}
