import { Arg, Ctx, Directive, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { IdentityContext } from '../loaders/index.js';
import type { ConstantTimeResponse } from '../services/constant-time-response.js';
import type { EmailChangeService } from '../services/email-change/index.js';
import type { ForPlatform } from './for-platform.js';
import { signedIn } from './signed-in.js';
import { RequestEmailChangeInput, UserView } from './types/index.js';

/** How users change the address of their own account. */
@Resolver(() => UserView)
export class EmailChangeResolver {
  constructor(
    private readonly changes: EmailChangeService,
    private readonly uniformTime: ConstantTimeResponse,
    private readonly forPlatform: ForPlatform,
  ) {}

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Address that waits for its confirmation; the user themself only.',
  })
  async pendingEmail(@Root() { id, own }: UserView, @Ctx() { loaders }: IdentityContext): Promise<string | null> {
    return own ? ((await loaders.pendingEmailChanges.load(id))?.newEmail ?? null) : null;
  }

  @Mutation(() => Boolean, { description: 'Mails a confirmation link to the new address and a notice to the old one.' })
  @Directive('@authenticated')
  requestEmailChange(
    @Arg('input', () => RequestEmailChangeInput) input: RequestEmailChangeInput,
    @Ctx() { caller }: IdentityContext,
  ): Promise<true> {
    return this.uniformTime.after(this.changes.request(caller, signedIn(caller), input));
  }

  @Mutation(() => Boolean, {
    description: "Makes the new address the account's and mails a revert link to the old one.",
  })
  confirmEmailChange(
    @Arg('token', () => String, { description: 'Token from the mailed link.' }) token: string,
  ): Promise<true> {
    return this.forPlatform(() => this.changes.confirm(token));
  }

  @Mutation(() => Boolean, {
    description:
      'Takes a changed e-mail address back within 7 days, ends every session and mails a link to set a new password.',
  })
  revertEmailChange(
    @Arg('token', () => String, { description: 'Token from the link mailed to the old address.' }) token: string,
  ): Promise<true> {
    return this.forPlatform(() => this.changes.revert(token));
  }
}
