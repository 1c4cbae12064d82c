import { Arg, Ctx, Directive, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { IdentityContext } from '../loaders/index.js';
import {
  type BrowserFlow,
  type ExternalLinkService,
  type ExternalLoginService,
  type ExternalProviders,
  IdentityProviderKind,
} from '../services/external/index.js';
import type { ForPlatform } from './for-platform.js';
import { signedIn } from './signed-in.js';
import {
  AuthPayload,
  BeginExternalLinkInput,
  BeginExternalLoginInput,
  CompleteExternalLoginInput,
  ExternalIdentityView,
  ExternalLogin,
  IdentityProviderView,
  LoginOptions,
  LoginResult,
  MfaChallenge,
} from './types/index.js';

/** Signing in at external providers, and linking accounts there. */
@Resolver(() => ExternalIdentityView)
export class ExternalIdentityResolver {
  constructor(
    private readonly services: {
      readonly logins: ExternalLoginService;
      readonly identities: ExternalLinkService;
      readonly flow: BrowserFlow;
      readonly providers: ExternalProviders;
    },
    private readonly isRegistrationOpen: boolean,
    private readonly forPlatform: ForPlatform,
  ) {}

  @Query(() => LoginOptions, { nullable: true, description: 'How a person can sign in.' })
  loginOptions(): LoginOptions {
    const providers = this.services.providers.all.map((provider) => new IdentityProviderView(provider));
    return { password: true, passkey: true, registration: this.isRegistrationOpen, providers };
  }

  @Query(() => [ExternalIdentityView], {
    nullable: true,
    description: "The caller's linked accounts at external providers.",
  })
  @Directive('@authenticated')
  async externalIdentities(@Ctx() { caller }: IdentityContext): Promise<ExternalIdentityView[]> {
    return (await this.services.identities.list(signedIn(caller))).map((one) => new ExternalIdentityView(one));
  }

  @FieldResolver(() => IdentityProviderView, { description: 'Where the account is.' })
  provider(@Root() { identity }: ExternalIdentityView): IdentityProviderView {
    const { provider: id } = identity;
    // One that is configured no more is still known by its id.
    const configured = this.services.providers.find(id) ?? { id, displayName: id, kind: IdentityProviderKind.OIDC };
    return new IdentityProviderView(configured);
  }

  @Mutation(() => ExternalLogin, {
    description:
      "Starts a login at an external provider or an organization's single sign-on; the browser goes to the returned address.",
  })
  beginExternalLogin(
    @Arg('input', () => BeginExternalLoginInput, { description: 'Provider or address, and the PKCE challenge.' })
    input: BeginExternalLoginInput,
  ): Promise<ExternalLogin> {
    return this.forPlatform(() => this.services.logins.begin(input));
  }

  @Mutation(() => LoginResult, {
    description: 'Finishes a login at an external provider with the code of the return page.',
  })
  async completeExternalLogin(
    @Arg('input', () => CompleteExternalLoginInput, { description: 'Code and PKCE verifier.' })
    input: CompleteExternalLoginInput,
  ): Promise<typeof LoginResult> {
    const entered = await this.forPlatform(() => this.services.logins.complete(input));
    return 'challenge' in entered ? new MfaChallenge(entered) : new AuthPayload(entered);
  }

  @Mutation(() => ExternalLogin, {
    description: 'Starts linking an account at an external provider to the caller. Needs a recent authentication.',
  })
  @Directive('@authenticated')
  beginExternalLink(
    @Arg('input', () => BeginExternalLinkInput, { description: 'Provider and the PKCE challenge.' })
    input: BeginExternalLinkInput,
    @Ctx() { caller }: IdentityContext,
  ): Promise<ExternalLogin> {
    return this.services.identities.begin(caller, signedIn(caller), input);
  }

  @Mutation(() => ExternalIdentityView, {
    nullable: true,
    description: 'Finishes linking with the code of the return page.',
  })
  @Directive('@authenticated')
  async completeExternalLink(
    @Arg('input', () => CompleteExternalLoginInput, { description: 'Code and PKCE verifier.' })
    input: CompleteExternalLoginInput,
    @Ctx() { caller }: IdentityContext,
  ): Promise<ExternalIdentityView> {
    return new ExternalIdentityView(await this.services.identities.complete(signedIn(caller), input));
  }

  @Mutation(() => Boolean, {
    description:
      "Unlinks an external account; refused when it is the account's last way to sign in. Needs a recent authentication.",
  })
  @Directive('@authenticated')
  unlinkExternalIdentity(
    @Arg('id', () => ID, { description: 'Id of the external identity.' }) id: string,
    @Ctx() { caller }: IdentityContext,
  ): Promise<true> {
    return this.services.identities.unlink(caller, signedIn(caller), id);
  }

  @Mutation(() => String, {
    description: 'A browser is back from a provider with this query; answers where it goes next.',
  })
  @Directive('@inaccessible')
  receiveExternalLogin(
    @Arg('provider', () => ID) provider: string,
    @Arg('query', () => String) query: string,
  ): Promise<string> {
    return this.forPlatform(() => this.services.flow.receive(provider, query));
  }
}
