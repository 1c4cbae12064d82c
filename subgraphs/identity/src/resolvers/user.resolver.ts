import { PAGED_LIST_SIZE, type Page, PageArguments, policy } from '@platform/subgraph-server/graphql';
import { Arg, Args, Ctx, Directive, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { User } from '../entities/index.js';
import type { IdentityContext } from '../loaders/index.js';
import type { UserAdministrationService } from '../services/user-administration.service.js';
import type { UserDirectory } from '../services/user-directory.js';
import { CreateUserInput, UpdateUserInput, UserConnection, UserFilterInput, UserView } from './types/index.js';

/** Every user, for those who may see or change them. */
@Resolver()
export class UserResolver {
  constructor(
    private readonly directory: UserDirectory,
    private readonly administration: UserAdministrationService,
  ) {}

  @Query(() => UserView, { nullable: true })
  @Directive(policy('identity.user.read'))
  async user(@Arg('id', () => ID) id: string, @Ctx() { caller, loaders }: IdentityContext): Promise<UserView | null> {
    const user = await loaders.users.load(id);
    return user && UserView.for(caller, user);
  }

  @Query(() => UserView, { nullable: true })
  @Directive(policy('identity.user.read'))
  async userByEmail(
    @Arg('email', () => String) email: string,
    @Ctx() { caller }: IdentityContext,
  ): Promise<UserView | null> {
    const user = await this.directory.byEmail(email);
    return user && UserView.for(caller, user);
  }

  @Query(() => UserConnection, { nullable: true })
  @Directive(PAGED_LIST_SIZE)
  @Directive(policy('identity.user.read'))
  async users(
    @Arg('filter', () => UserFilterInput, { nullable: true }) filter: UserFilterInput | null,
    @Args(() => PageArguments) page: PageArguments,
    @Ctx() { caller }: IdentityContext,
  ): Promise<UserConnection> {
    return new UserConnection(
      viewed(await this.directory.list(filter ?? {}, page), (user) => UserView.for(caller, user)),
    );
  }

  @Mutation(() => UserView, { nullable: true })
  @Directive(policy('identity.user.create'))
  async createUser(
    @Arg('input', () => CreateUserInput) input: CreateUserInput,
    @Ctx() { caller }: IdentityContext,
  ): Promise<UserView> {
    return UserView.for(caller, await this.administration.create(caller, input));
  }

  @Mutation(() => UserView, { nullable: true })
  @Directive(policy('identity.user.update'))
  async updateUser(
    @Arg('id', () => ID) id: string,
    @Arg('input', () => UpdateUserInput) input: UpdateUserInput,
    @Ctx() { caller }: IdentityContext,
  ): Promise<UserView> {
    return UserView.for(caller, await this.administration.update(caller, id, input));
  }

  @Mutation(() => UserView, { nullable: true })
  @Directive(policy('identity.user.update'))
  async lockUser(
    @Arg('id', () => ID) id: string,
    @Arg('reason', () => String) reason: string,
    @Ctx() { caller }: IdentityContext,
  ): Promise<UserView> {
    return UserView.for(caller, await this.administration.lock(caller, id, reason));
  }

  @Mutation(() => UserView, { nullable: true })
  @Directive(policy('identity.user.update'))
  async unlockUser(@Arg('id', () => ID) id: string, @Ctx() { caller }: IdentityContext): Promise<UserView> {
    return UserView.for(caller, await this.administration.unlock(caller, id));
  }

  @Mutation(() => Boolean)
  @Directive(policy('identity.user.delete'))
  deleteUser(@Arg('id', () => ID) id: string, @Ctx() { caller }: IdentityContext): Promise<true> {
    return this.administration.delete(caller, id);
  }
}

const viewed = (page: Page<User>, view: (user: User) => UserView): Page<UserView> => ({
  ...page,
  edges: page.edges.map(({ cursor, node }) => ({ cursor, node: view(node) })),
});
