import { DateTime, PAGED_LIST_SIZE, PageArguments, policy } from '@platform/subgraph-server/graphql';
import { Arg, Args, Ctx, Directive, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { IdentityContext } from '../loaders/index.js';
import type { ApiKeyService, MachineDirectory } from '../services/machines/index.js';
import { mapPage } from './map-page.js';
import { signedIn } from './signed-in.js';
import {
  ApiKeyConnection,
  ApiKeyOwner,
  ApiKeyView,
  CreateApiKeyInput,
  CreatedApiKey,
  OrganizationView,
  ServiceAccountView,
  UsableApiKeyView,
  UserView,
} from './types/index.js';
import { visibleOrganization } from './visible-organization.js';

/** Keys by which programs act. */
@Resolver(() => ApiKeyView)
export class ApiKeyResolver {
  constructor(
    private readonly keys: ApiKeyService,
    private readonly directory: MachineDirectory,
  ) {}

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Address of the last use; its owner and holders of identity.api_key.read.',
  })
  lastUsedIp(@Root() { key }: ApiKeyView, @Ctx() { caller }: IdentityContext): string | null {
    const own = key.userId !== null && key.userId === caller.userId;
    return own || caller.permissions.has('identity.api_key.read') ? key.lastUsedIp : null;
  }

  @FieldResolver(() => OrganizationView, { nullable: true, description: 'Organization that it acts in.' })
  organization(@Root() { key }: ApiKeyView, @Ctx() context: IdentityContext): Promise<OrganizationView | null> {
    return visibleOrganization(key.organizationId, context);
  }

  @FieldResolver(() => ApiKeyOwner, { nullable: true, description: 'Whom it acts for.' })
  async owner(@Root() { key }: ApiKeyView, @Ctx() context: IdentityContext): Promise<typeof ApiKeyOwner | null> {
    if (key.userId !== null) {
      const user = await context.loaders.users.load(key.userId);
      return user && UserView.for(context, user);
    }
    const account = await context.loaders.serviceAccounts.load(key.serviceAccountId as string);
    return account && new ServiceAccountView(account);
  }

  @Query(() => [ApiKeyView], {
    nullable: true,
    description: "The caller's own API keys in the active organization, newest first.",
  })
  @Directive('@authenticated')
  async apiKeys(@Ctx() { caller }: IdentityContext): Promise<ApiKeyView[]> {
    return (await this.directory.keysOf(signedIn(caller))).map((key) => new ApiKeyView(key));
  }

  @Query(() => ApiKeyConnection, {
    nullable: true,
    description: 'Every API key of members and service accounts in the active organization, newest first.',
  })
  @Directive(PAGED_LIST_SIZE)
  @Directive(policy('identity.api_key.read'))
  async organizationApiKeys(@Args(() => PageArguments) page: PageArguments): Promise<ApiKeyConnection> {
    return new ApiKeyConnection(mapPage(await this.directory.keys(page), (key) => new ApiKeyView(key)));
  }

  @Query(() => UsableApiKeyView, {
    nullable: true,
    description: 'The key whose secret has this SHA-256 hash (hex), if it can be used now.',
  })
  @Directive('@inaccessible')
  usableApiKey(@Arg('hash', () => String) hash: string): Promise<UsableApiKeyView | null> {
    return this.directory.usable(hash);
  }

  @Query(() => Boolean, { description: 'Takes down that a key of the organization was used.' })
  @Directive('@inaccessible')
  async apiKeyUsed(
    @Arg('id', () => ID) id: string,
    @Arg('at', () => DateTime) at: Date,
    @Arg('ipAddress', () => String, { nullable: true }) ipAddress?: string | null,
  ): Promise<boolean> {
    await this.directory.used(id, at, ipAddress ?? null);
    return true;
  }

  @Mutation(() => CreatedApiKey, {
    description: 'Creates a key that acts for the caller in the active organization. Needs a recent authentication.',
  })
  @Directive('@authenticated')
  async createApiKey(
    @Arg('input', () => CreateApiKeyInput) input: CreateApiKeyInput,
    @Ctx() { caller }: IdentityContext,
  ): Promise<CreatedApiKey> {
    return new CreatedApiKey(await this.keys.create(caller, input));
  }

  @Mutation(() => Boolean, {
    description:
      "Revokes one's own key; holders of identity.api_key.revoke any of the organization, of identity.service_account.manage those of service accounts.",
  })
  @Directive('@authenticated')
  revokeApiKey(@Arg('id', () => ID) id: string, @Ctx() { caller }: IdentityContext): Promise<true> {
    return this.keys.revoke(caller, id);
  }
}
