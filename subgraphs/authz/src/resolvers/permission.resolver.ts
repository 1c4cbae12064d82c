import { policy } from '@platform/subgraph-server/graphql';
import { Arg, Ctx, Directive, Query, Resolver } from 'type-graphql';
import type { AuthzContext } from '../context.js';
import { declaredPermissions, Permission } from '../entities/index.js';
import type { PermissionService } from '../services/index.js';

@Resolver(() => Permission)
export class PermissionResolver {
  constructor(private readonly permissionService: PermissionService) {}

  @Query(() => [Permission], { nullable: true, description: 'Every permission that a module declares.' })
  @Directive(policy('authz.role.read'))
  permissions(@Arg('module', () => String, { nullable: true }) module?: string | null): Permission[] {
    return declaredPermissions(module);
  }

  @Query(() => [String], {
    nullable: true,
    description: "Permission codes that the caller holds; an anonymous caller's are those of the guest role.",
  })
  myPermissions(@Ctx() { caller }: AuthzContext): Promise<string[]> {
    return this.permissionService.ofCaller(caller);
  }
}
