import { PAGED_LIST_SIZE, PageArguments, policy } from '@platform/subgraph-server/graphql';
import { Arg, Args, Ctx, Directive, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { IdentityContext } from '../loaders/index.js';
import type { MachineDirectory, ServiceAccountService } from '../services/machines/index.js';
import { mapPage } from './map-page.js';
import {
  ApiKeyView,
  CreatedApiKey,
  CreateServiceAccountInput,
  CreateServiceAccountKeyInput,
  ServiceAccountConnection,
  ServiceAccountView,
  UpdateServiceAccountInput,
  UserView,
} from './types/index.js';

/** Machine identities of an organization. */
@Resolver(() => ServiceAccountView)
export class ServiceAccountResolver {
  constructor(
    private readonly accounts: ServiceAccountService,
    private readonly directory: MachineDirectory,
  ) {}

  @FieldResolver(() => [ApiKeyView], { nullable: true, description: 'Its keys, newest first; at most 10.' })
  async keys(@Root() { account }: ServiceAccountView, @Ctx() { loaders }: IdentityContext): Promise<ApiKeyView[]> {
    return (await loaders.keysOfServiceAccount.load(account.id)).map((key) => new ApiKeyView(key));
  }

  @FieldResolver(() => UserView, {
    nullable: true,
    description: 'Who made it; null when their account is deleted.',
  })
  async createdBy(@Root() { account }: ServiceAccountView, @Ctx() context: IdentityContext): Promise<UserView | null> {
    const user = account.createdBy === null ? null : await context.loaders.users.load(account.createdBy);
    return user && UserView.for(context, user);
  }

  @Query(() => ServiceAccountView, {
    nullable: true,
    description: 'One service account of the active organization.',
  })
  @Directive(policy('identity.service_account.read'))
  async serviceAccount(
    @Arg('id', () => ID) id: string,
    @Ctx() { loaders }: IdentityContext,
  ): Promise<ServiceAccountView | null> {
    const account = await loaders.serviceAccounts.load(id);
    return account && new ServiceAccountView(account);
  }

  @Query(() => ServiceAccountConnection, {
    nullable: true,
    description: 'Service accounts of the active organization, by name.',
  })
  @Directive(PAGED_LIST_SIZE)
  @Directive(policy('identity.service_account.read'))
  async serviceAccounts(@Args(() => PageArguments) page: PageArguments): Promise<ServiceAccountConnection> {
    const found = await this.directory.accounts(page);
    return new ServiceAccountConnection(mapPage(found, (account) => new ServiceAccountView(account)));
  }

  @Mutation(() => ServiceAccountView, {
    nullable: true,
    description: 'Creates a machine identity of the active organization; at most 100.',
  })
  @Directive(policy('identity.service_account.manage'))
  async createServiceAccount(
    @Arg('input', () => CreateServiceAccountInput) { roleIds, ...input }: CreateServiceAccountInput,
    @Ctx() { caller }: IdentityContext,
  ): Promise<ServiceAccountView> {
    return new ServiceAccountView(await this.accounts.create(caller, { ...input, roleIds: roleIds ?? [] }));
  }

  @Mutation(() => ServiceAccountView, {
    nullable: true,
    description: "Renames, enables or disables a service account; a disabled one's keys stop at once.",
  })
  @Directive(policy('identity.service_account.manage'))
  async updateServiceAccount(
    @Arg('id', () => ID) id: string,
    @Arg('input', () => UpdateServiceAccountInput) input: UpdateServiceAccountInput,
  ): Promise<ServiceAccountView> {
    return new ServiceAccountView(await this.accounts.update(id, input));
  }

  @Mutation(() => Boolean, { description: 'Deletes a service account with its keys.' })
  @Directive(policy('identity.service_account.manage'))
  deleteServiceAccount(@Arg('id', () => ID) id: string): Promise<true> {
    return this.accounts.delete(id);
  }

  @Mutation(() => CreatedApiKey, {
    description: 'Creates a key of a service account, at most 10. Needs a recent authentication.',
  })
  @Directive(policy('identity.service_account.manage'))
  async createServiceAccountKey(
    @Arg('input', () => CreateServiceAccountKeyInput)
    { serviceAccountId, scopes, ...wish }: CreateServiceAccountKeyInput,
    @Ctx() { caller }: IdentityContext,
  ): Promise<CreatedApiKey> {
    const issued = await this.accounts.createKey(caller, serviceAccountId, { ...wish, scopes: scopes ?? [] });
    return new CreatedApiKey(issued);
  }
}
