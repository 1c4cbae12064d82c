import { Json } from '@platform/subgraph-server/graphql';
import { Field, InputType } from 'type-graphql';
import { AuthenticationMethod } from '../../entities/index.js';
import type { MfaMethod } from '../../services/factors/index.js';
import { MfaMethodName } from './mfa-challenge.js';

/** Arguments of `completeMfa`. */
@InputType({ description: 'Answer to an MfaChallenge.' })
export class CompleteMfaInput {
  @Field(() => String, { description: 'Challenge of the login.' })
  challenge!: string;

  @Field(() => MfaMethodName, { description: 'Method that is answered.' })
  method!: MfaMethod;

  @Field(() => String, {
    description: "Six digits, a recovery code, or for PASSKEY the browser's AuthenticationResponseJSON as a string.",
  })
  code!: string;
}

/** Arguments of `loginWithPasskey`. */
@InputType({ description: 'A passkey login.' })
export class LoginWithPasskeyInput {
  @Field(() => String, { description: 'Challenge of beginPasskeyLogin.' })
  challenge!: string;

  @Field(() => Json, { description: "The browser's AuthenticationResponseJSON." })
  credential!: unknown;
}

/** Arguments of `registerPasskey`. */
@InputType({ description: 'A new passkey.' })
export class RegisterPasskeyInput {
  @Field(() => String, { description: 'Challenge of beginPasskeyRegistration.' })
  challenge!: string;

  @Field(() => Json, { description: "The browser's RegistrationResponseJSON." })
  credential!: unknown;

  @Field(() => String, {
    nullable: true,
    description: '1 to 100 characters; that of the authenticator without it.',
  })
  name?: string | null;
}

/** Arguments of `reauthenticate`. */
@InputType({ description: "Proof of the session's user." })
export class ReauthenticateInput {
  @Field(() => String, { description: 'Challenge of beginReauthentication.' })
  challenge!: string;

  @Field(() => AuthenticationMethod, { description: 'PASSWORD, TOTP or PASSKEY.' })
  method!: AuthenticationMethod;

  @Field(() => String, {
    description: "The password, six digits, or for PASSKEY the browser's AuthenticationResponseJSON as a string.",
  })
  response!: string;
}
