import { Directive, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { ExternalIdentity } from '../../entities/index.js';
import { type ExternalProvider, IdentityProviderKind } from '../../services/external/index.js';

registerEnumType(IdentityProviderKind, {
  name: 'IdentityProviderKind',
  description: 'Kind of an external provider.',
  valuesConfig: {
    GOOGLE: { description: 'Google accounts, by OpenID Connect.' },
    MICROSOFT: { description: 'Microsoft Entra ID and personal accounts, by OpenID Connect.' },
    GITHUB: { description: 'GitHub, by OAuth 2 and its primary verified address.' },
    OIDC: { description: 'Any OpenID Connect issuer.' },
  },
});

/** A provider as a client knows it. */
@ObjectType('IdentityProvider', { description: 'An external provider of identities.' })
export class IdentityProviderView {
  @Field(() => ID, { description: 'Key in the configuration, such as google.' })
  readonly id: string;

  @Field(() => String, { description: 'Name for the button.' })
  readonly displayName: string;

  @Field(() => IdentityProviderKind, { description: 'What it speaks.' })
  readonly kind: IdentityProviderKind;

  constructor({ id, displayName, kind }: Pick<ExternalProvider, 'id' | 'displayName' | 'kind'>) {
    this.id = id;
    this.displayName = displayName;
    this.kind = kind;
  }
}

/** How somebody can sign in. */
@ObjectType({ description: 'Ways to sign in.' })
export class LoginOptions {
  @Field(() => Boolean, { description: 'Whether passwords are accepted.' })
  password!: boolean;

  @Field(() => Boolean, { description: 'Whether passkeys are accepted.' })
  passkey!: boolean;

  @Field(() => Boolean, { description: 'Whether anyone can register; invitations work regardless.' })
  registration!: boolean;

  @Field(() => [IdentityProviderView], {
    description: 'Configured external providers, in the order of the configuration.',
  })
  providers!: IdentityProviderView[];
}

/** A linked account as its owner sees it. */
@ObjectType('ExternalIdentity', {
  description: 'An account at an external provider, linked to a user; its owner sees it.',
})
@Directive('@key(fields: "id")')
export class ExternalIdentityView {
  constructor(readonly identity: ExternalIdentity) {}

  @Field(() => ID, { description: 'Opaque id.' })
  get id(): string {
    return this.identity.id;
  }

  @Field(() => String, { nullable: true, description: 'Address that the provider reported; not used to sign in.' })
  get email(): string | null {
    return this.identity.email;
  }

  @Field(() => Date, { description: 'When it was linked.' })
  get linkedAt(): Date {
    return this.identity.linkedAt;
  }

  @Field(() => Date, { nullable: true, description: 'When it last signed the user in; null: never.' })
  get lastUsedAt(): Date | null {
    return this.identity.lastUsedAt;
  }
}

/** Where a browser goes. */
@ObjectType({ description: 'A login or link that continues in the browser.' })
export class ExternalLogin {
  @Field(() => String, { description: 'Where the browser goes; good for 10 minutes.' })
  url!: string;

  @Field(() => Int, { description: 'Seconds until it expires.' })
  expiresIn!: number;
}

@InputType()
abstract class FlowInput {
  @Field(() => String, { description: 'Base64url SHA-256 of a random verifier that stays in the browser (PKCE).' })
  codeChallenge!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Path of the application to return to, beginning with a single slash.',
  })
  returnTo?: string | null;
}

/** Arguments of `beginExternalLogin`. */
@InputType({ description: 'Start of an external login: provider or email, not both.' })
export class BeginExternalLoginInput extends FlowInput {
  @Field(() => ID, { nullable: true, description: 'Id of a provider.' })
  provider?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Address whose verified domain decides on the single sign-on connection.',
  })
  email?: string | null;
}

/** Arguments of `beginExternalLink`. */
@InputType({ description: 'Start of linking a provider.' })
export class BeginExternalLinkInput extends FlowInput {
  @Field(() => ID, { description: 'Id of a provider.' })
  provider!: string;
}

/** Arguments of `completeExternalLogin` and `completeExternalLink`. */
@InputType({ description: 'End of an external login or link.' })
export class CompleteExternalLoginInput {
  @Field(() => String, { description: 'Code of the return page; works once, within 60 seconds.' })
  code!: string;

  @Field(() => String, { description: 'Verifier of codeChallenge.' })
  codeVerifier!: string;
}
