import { Json } from '@platform/subgraph-server/graphql';
import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { CHALLENGE_LIFETIME, type MfaMethod } from '../../services/factors/index.js';
import type { SecondStep } from '../../services/sign-in/index.js';

/** The second factors by their names. */
export const MfaMethodName = { TOTP: 'TOTP', RECOVERY_CODE: 'RECOVERY_CODE', PASSKEY: 'PASSKEY' } as const;

registerEnumType(MfaMethodName, {
  name: 'MfaMethod',
  description: 'A second factor.',
  valuesConfig: {
    TOTP: { description: 'Six digits of an authenticator app; each code works once.' },
    RECOVERY_CODE: { description: 'One of the recovery codes; each works once.' },
    PASSKEY: { description: 'A passkey or security key.' },
  },
});

/** A login that is not over. */
@ObjectType({ description: 'A login that needs a second step.' })
export class MfaChallenge {
  constructor(private readonly step: SecondStep) {}

  @Field(() => String, { description: 'Opaque; for completeMfa.' })
  get challenge(): string {
    return this.step.challenge;
  }

  @Field(() => [MfaMethodName], { description: 'Methods that the account has.' })
  get methods(): readonly MfaMethod[] {
    return this.step.methods;
  }

  @Field(() => Int, { description: 'Seconds until the challenge expires.' })
  get expiresIn(): number {
    return CHALLENGE_LIFETIME / 1000;
  }

  @Field(() => Json, {
    nullable: true,
    description:
      'PublicKeyCredentialRequestOptionsJSON for navigator.credentials.get; null unless PASSKEY is among methods.',
  })
  get passkeyOptions(): unknown {
    return this.step.passkeyOptions;
  }
}
