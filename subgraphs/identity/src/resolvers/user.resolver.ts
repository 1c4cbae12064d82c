import { PAGED_LIST_SIZE, PageArguments, policy } from '@platform/subgraph-server/graphql';
import { Arg, Args, Ctx, Directive, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { User } from '../entities/index.js';
import type { IdentityContext } from '../loaders/index.js';
import type { Memberships } from '../services/organizations/index.js';
import type { UserAdministrationService } from '../services/user-administration.service.js';
import type { UserDirectory } from '../services/user-directory.js';
import { mapPage } from './map-page.js';
import {
  CreateUserInput,
  MembershipView,
  UpdateUserInput,
  UserConnection,
  UserFilterInput,
  UserView,
} from './types/index.js';

/** Every user, for those who may see or change them. */
@Resolver(() => UserView)
export class UserResolver {
  constructor(
    private readonly directory: UserDirectory,
    private readonly administration: UserAdministrationService,
    private readonly members: Memberships,
  ) {}

  @FieldResolver(() => [MembershipView], {
    nullable: true,
    description:
      'The user themself: every one; holders of identity.user.read: that in the active organization; identity.user.read_all: every one. At most 100.',
  })
  async memberships(@Root() view: UserView, @Ctx() context: IdentityContext): Promise<MembershipView[] | null> {
    const { caller, loaders } = context;
    if (view.own || caller.permissions.has('identity.user.read_all'))
      return (await this.members.of(view.id)).map((membership) => new MembershipView(membership));
    if (!caller.permissions.has('identity.user.read')) return null;
    const here = await loaders.memberOf.load(view.id);
    return here ? [new MembershipView(here)] : [];
  }

  @FieldResolver(() => Boolean, {
    nullable: true,
    description: 'Whether a passkey or TOTP protects the account.',
  })
  async mfaEnabled(@Root() view: UserView, @Ctx() { loaders }: IdentityContext): Promise<boolean | null> {
    return (await view.whole()) ? loaders.hasFactor.load(view.id) : null;
  }

  @Query(() => UserView, { nullable: true })
  @Directive(policy('identity.user.read'))
  async user(@Arg('id', () => ID) id: string, @Ctx() context: IdentityContext): Promise<UserView | null> {
    return seen(await context.loaders.users.load(id), context);
  }

  @Query(() => UserView, { nullable: true })
  @Directive(policy('identity.user.read'))
  async userByEmail(
    @Arg('email', () => String) email: string,
    @Ctx() context: IdentityContext,
  ): Promise<UserView | null> {
    return seen(await this.directory.byEmail(email), context);
  }

  @Query(() => UserConnection, { nullable: true })
  @Directive(PAGED_LIST_SIZE)
  @Directive(policy('identity.user.read'))
  async users(
    @Arg('filter', () => UserFilterInput, { nullable: true }) filter: UserFilterInput | null,
    @Args(() => PageArguments) page: PageArguments,
    @Ctx() context: IdentityContext,
  ): Promise<UserConnection> {
    const found = await this.directory.list(context.caller, filter ?? {}, page);
    return new UserConnection(mapPage(found, (user) => UserView.for(context, user)));
  }

  @Mutation(() => UserView, { nullable: true })
  @Directive(policy('identity.user.create'))
  async createUser(
    @Arg('input', () => CreateUserInput) input: CreateUserInput,
    @Ctx() context: IdentityContext,
  ): Promise<UserView> {
    return UserView.for(context, await this.administration.create(context.caller, input));
  }

  @Mutation(() => UserView, { nullable: true })
  @Directive(policy('identity.user.update'))
  async updateUser(
    @Arg('id', () => ID) id: string,
    @Arg('input', () => UpdateUserInput) input: UpdateUserInput,
    @Ctx() context: IdentityContext,
  ): Promise<UserView> {
    return UserView.for(context, await this.administration.update(context.caller, id, input));
  }

  @Mutation(() => UserView, { nullable: true })
  @Directive(policy('identity.user.update'))
  async lockUser(
    @Arg('id', () => ID) id: string,
    @Arg('reason', () => String) reason: string,
    @Ctx() context: IdentityContext,
  ): Promise<UserView> {
    return UserView.for(context, await this.administration.lock(context.caller, id, reason));
  }

  @Mutation(() => UserView, { nullable: true })
  @Directive(policy('identity.user.update'))
  async unlockUser(@Arg('id', () => ID) id: string, @Ctx() context: IdentityContext): Promise<UserView> {
    return UserView.for(context, await this.administration.unlock(context.caller, id));
  }

  @Mutation(() => Boolean)
  @Directive(policy('identity.user.delete'))
  deleteUser(@Arg('id', () => ID) id: string, @Ctx() { caller }: IdentityContext): Promise<true> {
    return this.administration.delete(caller, id);
  }
}

/** Users of other organizations are as unknown as those that do not exist. */
async function seen(user: User | null, context: IdentityContext): Promise<UserView | null> {
  if (!user) return null;
  const { caller, loaders } = context;
  const visible = caller.permissions.has('identity.user.read_all') || (await loaders.isMember(user.id));
  return visible ? UserView.for(context, user) : null;
}
