import { Json } from '@platform/subgraph-server/graphql';
import { Field, Int, ObjectType } from 'type-graphql';
import { AuthenticationMethod } from '../../entities/index.js';
import {
  CHALLENGE_LIFETIME,
  type MfaStatus,
  type ReauthenticationChallenge,
  type TotpEnrollment,
} from '../../services/factors/index.js';

/** What protects the caller's account. */
@ObjectType('MfaStatus', { description: 'Second factors of the caller.' })
export class MfaStatusView {
  constructor(private readonly status: MfaStatus) {}

  @Field(() => Boolean, { description: 'Whether a password is set.' })
  get hasPassword(): boolean {
    return this.status.password;
  }

  @Field(() => Boolean, { description: 'Whether TOTP is on.' })
  get totpEnabled(): boolean {
    return this.status.totp;
  }

  @Field(() => Int, { description: 'Number of passkeys.' })
  get passkeyCount(): number {
    return this.status.passkeys;
  }

  @Field(() => Int, { description: 'Unused recovery codes.' })
  get recoveryCodesLeft(): number {
    return this.status.recoveryCodesLeft;
  }

  @Field(() => Boolean, { description: "Whether one of the caller's organizations asks for a second factor." })
  get required(): boolean {
    return this.status.required;
  }
}

/** What an authenticator app is set up with. */
@ObjectType('TotpEnrollment', { description: 'What an authenticator app needs.' })
export class TotpEnrollmentView implements TotpEnrollment {
  @Field(() => String, { description: 'Base32 secret.' })
  readonly secret!: string;

  @Field(() => String, { description: 'The same as an otpauth address, for a QR code.' })
  readonly otpauthUri!: string;
}

/** What gets in who has lost their second factors. */
@ObjectType('RecoveryCodes', { description: 'Recovery codes, shown once.' })
export class RecoveryCodesView {
  @Field(() => [String], { description: 'Ten codes; each works once.' })
  readonly codes!: readonly string[];
}

/** How the caller can prove again who they are. */
@ObjectType('ReauthenticationChallenge', { description: 'Ways in which the session can prove its user again.' })
export class ReauthenticationChallengeView {
  constructor(private readonly asked: ReauthenticationChallenge) {}

  @Field(() => String, { description: 'Opaque; for reauthenticate.' })
  get challenge(): string {
    return this.asked.challenge;
  }

  @Field(() => [AuthenticationMethod], {
    description:
      'Methods that the account has; with EXTERNAL alone the user signs in at the provider again by beginExternalLogin.',
  })
  get methods(): readonly AuthenticationMethod[] {
    return this.asked.methods;
  }

  @Field(() => Json, {
    nullable: true,
    description: 'PublicKeyCredentialRequestOptionsJSON; null unless PASSKEY is among methods.',
  })
  get passkeyOptions(): unknown {
    return this.asked.passkeyOptions;
  }

  @Field(() => Int, { description: 'Seconds until the challenge expires.' })
  get expiresIn(): number {
    return CHALLENGE_LIFETIME / 1000;
  }
}
