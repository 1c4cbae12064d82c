import { Arg, Ctx, Directive, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { IdentityContext } from '../loaders/index.js';
import type { PasskeyService } from '../services/factors/index.js';
import { signedIn } from './signed-in.js';
import { PasskeyChallenge, PasskeyView, RegisterPasskeyInput } from './types/index.js';

/** The caller's own passkeys. */
@Resolver(() => PasskeyView)
export class PasskeyResolver {
  constructor(private readonly service: PasskeyService) {}

  @Query(() => [PasskeyView], {
    nullable: true,
    description: "The caller's passkeys, newest first; at most 20.",
  })
  @Directive('@authenticated')
  async passkeys(@Ctx() { caller }: IdentityContext): Promise<PasskeyView[]> {
    return (await this.service.list(signedIn(caller))).map((passkey) => new PasskeyView(passkey));
  }

  @Mutation(() => PasskeyChallenge, {
    description: 'Starts the registration of a passkey for the caller. Needs a recent authentication.',
  })
  @Directive('@authenticated')
  async beginPasskeyRegistration(@Ctx() { caller }: IdentityContext): Promise<PasskeyChallenge> {
    return new PasskeyChallenge(await this.service.begin(caller));
  }

  @Mutation(() => PasskeyView, {
    nullable: true,
    description: 'Stores the passkey that the browser made; at most 20 per account.',
  })
  @Directive('@authenticated')
  async registerPasskey(
    @Arg('input', () => RegisterPasskeyInput) input: RegisterPasskeyInput,
    @Ctx() { caller }: IdentityContext,
  ): Promise<PasskeyView> {
    return new PasskeyView(await this.service.register(caller, signedIn(caller), input));
  }

  @Mutation(() => PasskeyView, { nullable: true, description: "Renames one's own passkey." })
  @Directive('@authenticated')
  async renamePasskey(
    @Arg('id', () => ID) id: string,
    @Arg('name', () => String) name: string,
    @Ctx() { caller }: IdentityContext,
  ): Promise<PasskeyView> {
    return new PasskeyView(await this.service.rename(signedIn(caller), id, name));
  }

  @Mutation(() => Boolean, {
    description:
      "Deletes one's own passkey; refused when it is the account's last way to sign in. Needs a recent authentication.",
  })
  @Directive('@authenticated')
  deletePasskey(@Arg('id', () => ID) id: string, @Ctx() { caller }: IdentityContext): Promise<true> {
    return this.service.delete(caller, id);
  }
}
