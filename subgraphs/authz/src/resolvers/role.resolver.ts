import { PAGED_LIST_SIZE, PageArguments, policy } from '@platform/subgraph-server/graphql';
import { Arg, Args, Ctx, Directive, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { validate as isUuid } from 'uuid';
import type { AuthzContext } from '../context.js';
import { Permission, Role } from '../entities/index.js';
import type { GrantService, RoleService } from '../services/index.js';
import { CreateRoleInput, RoleConnection, UpdateRoleInput } from './types/role-types.js';

@Resolver(() => Role)
export class RoleResolver {
  constructor(
    private readonly roleService: RoleService,
    private readonly grants: GrantService,
  ) {}

  @Query(() => Role, { nullable: true })
  @Directive(policy('authz.role.read'))
  async role(@Arg('id', () => ID) id: string, @Ctx() { loaders }: AuthzContext): Promise<Role | null> {
    return isUuid(id) ? loaders.roleById.load(id.toLowerCase()) : null;
  }

  @Query(() => Role, { nullable: true })
  @Directive(policy('authz.role.read'))
  roleByName(@Arg('name', () => String) name: string): Promise<Role | null> {
    return this.roleService.byName(name);
  }

  @Query(() => RoleConnection, { nullable: true })
  @Directive(PAGED_LIST_SIZE)
  @Directive(policy('authz.role.read'))
  async roles(@Args(() => PageArguments) args: PageArguments) {
    return new RoleConnection(await this.roleService.page(args));
  }

  @Mutation(() => Role, { nullable: true })
  @Directive(policy('authz.role.create'))
  createRole(
    @Arg('input', () => CreateRoleInput) input: CreateRoleInput,
    @Ctx() { caller }: AuthzContext,
  ): Promise<Role> {
    return this.roleService.create(caller, input);
  }

  @Mutation(() => Role, { nullable: true })
  @Directive(policy('authz.role.update'))
  updateRole(
    @Arg('id', () => ID) id: string,
    @Arg('input', () => UpdateRoleInput) input: UpdateRoleInput,
  ): Promise<Role> {
    return this.roleService.update(id, input);
  }

  @Mutation(() => Boolean)
  @Directive(policy('authz.role.delete'))
  async deleteRole(@Arg('id', () => ID) id: string, @Ctx() { caller }: AuthzContext): Promise<boolean> {
    await this.roleService.delete(caller, id);
    return true;
  }

  @Mutation(() => Role, { nullable: true })
  @Directive(policy('authz.permission.grant'))
  grantPermissions(
    @Arg('roleId', () => ID) roleId: string,
    @Arg('permissions', () => [String]) permissions: string[],
    @Ctx() { caller }: AuthzContext,
  ): Promise<Role> {
    return this.grants.grant(caller, roleId, permissions);
  }

  @Mutation(() => Role, { nullable: true })
  @Directive(policy('authz.permission.grant'))
  revokePermissions(
    @Arg('roleId', () => ID) roleId: string,
    @Arg('permissions', () => [String]) permissions: string[],
    @Ctx() { caller }: AuthzContext,
  ): Promise<Role> {
    return this.grants.revoke(caller, roleId, permissions);
  }

  @FieldResolver(() => [Permission])
  async permissions(@Root() role: Role, @Ctx() { loaders }: AuthzContext): Promise<Permission[]> {
    return (await loaders.codesByRole.load(role)).map((code) => new Permission(code));
  }

  @FieldResolver(() => Int, {
    description: 'Users with the role itself; exact up to 10,000, which stands for that many and more.',
  })
  userCount(@Root() role: Role, @Ctx() { loaders }: AuthzContext): Promise<number> {
    return loaders.userCountByRole.load(role);
  }
}
