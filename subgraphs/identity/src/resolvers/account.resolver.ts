import { Arg, Ctx, Directive, Mutation, Query, Resolver } from 'type-graphql';
import type { IdentityContext } from '../loaders/index.js';
import type { PasswordChangeService } from '../services/password-change.service.js';
import type { ProfileService } from '../services/profile.service.js';
import { signedIn } from './signed-in.js';
import { AuthPayload, ChangePasswordInput, UpdateProfileInput, UserView } from './types/index.js';

/** The caller's own account. */
@Resolver()
export class AccountResolver {
  constructor(
    private readonly profiles: ProfileService,
    private readonly passwords: PasswordChangeService,
  ) {}

  @Query(() => UserView, { nullable: true, description: 'The signed-in user; null for an anonymous caller.' })
  async me(@Ctx() { caller, loaders }: IdentityContext): Promise<UserView | null> {
    const user = caller.userId && (await loaders.users.load(caller.userId));
    return user ? UserView.own(user) : null;
  }

  @Mutation(() => UserView, { nullable: true })
  @Directive('@authenticated')
  async updateProfile(
    @Arg('input', () => UpdateProfileInput) input: UpdateProfileInput,
    @Ctx() { caller }: IdentityContext,
  ): Promise<UserView> {
    return UserView.own(await this.profiles.update(signedIn(caller), input));
  }

  @Mutation(() => AuthPayload)
  @Directive('@authenticated')
  async changePassword(
    @Arg('input', () => ChangePasswordInput) input: ChangePasswordInput,
    @Ctx() { caller }: IdentityContext,
  ): Promise<AuthPayload> {
    return new AuthPayload(await this.passwords.change(caller, signedIn(caller), input));
  }

  @Mutation(() => Boolean)
  @Directive('@authenticated')
  deleteAccount(@Arg('password', () => String) password: string, @Ctx() { caller }: IdentityContext): Promise<true> {
    return this.profiles.delete(caller, signedIn(caller), password);
  }
}
