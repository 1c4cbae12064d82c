import { policy } from '@platform/subgraph-server/graphql';
import { Arg, Ctx, Directive, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { AuthzContext } from '../context.js';
import { Role, ServiceAccount } from '../entities/index.js';
import type { ServiceAccountService } from '../services/index.js';

@Resolver(() => ServiceAccount)
export class ServiceAccountResolver {
  constructor(private readonly accounts: ServiceAccountService) {}

  @Mutation(() => ServiceAccount, {
    nullable: true,
    description: 'Gives roles to a service account; the caller holds every permission of each.',
  })
  @Directive(policy('authz.role.assign'))
  assignServiceAccountRoles(
    @Arg('serviceAccountId', () => ID) serviceAccountId: string,
    @Arg('roleIds', () => [ID]) roleIds: string[],
    @Ctx() { caller }: AuthzContext,
  ): Promise<ServiceAccount> {
    return this.accounts.assign(caller, serviceAccountId, roleIds);
  }

  @Mutation(() => ServiceAccount, { nullable: true, description: 'Takes roles from a service account.' })
  @Directive(policy('authz.role.assign'))
  revokeServiceAccountRoles(
    @Arg('serviceAccountId', () => ID) serviceAccountId: string,
    @Arg('roleIds', () => [ID]) roleIds: string[],
    @Ctx() { caller }: AuthzContext,
  ): Promise<ServiceAccount> {
    return this.accounts.revoke(caller, serviceAccountId, roleIds);
  }

  @FieldResolver(() => [Role], {
    nullable: true,
    description: 'Holders of authz.role.read; null for others, without an error.',
  })
  async roles(@Root() account: ServiceAccount, @Ctx() { caller, loaders }: AuthzContext): Promise<Role[] | null> {
    return account.isOpenTo(caller) ? loaders.rolesByServiceAccountId.load(account.id) : null;
  }

  @FieldResolver(() => [String], {
    nullable: true,
    description: 'Permission codes in effect, from every role; holders of authz.role.read.',
  })
  async permissions(
    @Root() account: ServiceAccount,
    @Ctx() { caller, loaders }: AuthzContext,
  ): Promise<readonly string[] | null> {
    return account.isOpenTo(caller) ? loaders.codesByServiceAccountId.load(account.id) : null;
  }

  @Query(() => Boolean, {
    description: 'True where the caller holds all that the service account holds, or a coded error.',
  })
  @Directive('@inaccessible')
  async mayActAsServiceAccount(
    @Arg('serviceAccountId', () => ID) serviceAccountId: string,
    @Ctx() { caller }: AuthzContext,
  ): Promise<boolean> {
    await this.accounts.mayActAs(caller, serviceAccountId);
    return true;
  }

  @Mutation(() => Boolean, {
    description: 'Gives a new service account of the organization those of the roles that exist.',
  })
  @Directive('@inaccessible')
  async admitServiceAccount(
    @Arg('serviceAccountId', () => ID) serviceAccountId: string,
    @Arg('roleIds', () => [ID]) roleIds: string[],
  ): Promise<boolean> {
    await this.accounts.admit(serviceAccountId, roleIds);
    return true;
  }

  @Mutation(() => Boolean, { description: 'Takes every role from a service account that is gone.' })
  @Directive('@inaccessible')
  async releaseServiceAccount(@Arg('serviceAccountId', () => ID) serviceAccountId: string): Promise<boolean> {
    await this.accounts.release(serviceAccountId);
    return true;
  }
}
