import { Arg, Mutation, Resolver } from 'type-graphql';
import type { SignInServices } from '../services/sign-in/index.js';
import type { ForPlatform } from './for-platform.js';
import {
  AuthPayload,
  CompleteMfaInput,
  LoginInput,
  LoginResult,
  LoginWithPasskeyInput,
  MfaChallenge,
  PasskeyChallenge,
} from './types/index.js';

/** How sessions begin. */
@Resolver()
export class LoginResolver {
  constructor(
    private readonly logins: SignInServices,
    private readonly forPlatform: ForPlatform,
  ) {}

  @Mutation(() => LoginResult, {
    description: 'Signs in by password; MfaChallenge when the account has a second factor.',
  })
  async login(@Arg('input', () => LoginInput) input: LoginInput): Promise<typeof LoginResult> {
    const entered = await this.forPlatform(() => this.logins.password.login(input));
    return 'challenge' in entered ? new MfaChallenge(entered) : new AuthPayload(entered);
  }

  @Mutation(() => AuthPayload, { description: 'Second step of a login that answered MfaChallenge.' })
  async completeMfa(@Arg('input', () => CompleteMfaInput) input: CompleteMfaInput): Promise<AuthPayload> {
    return new AuthPayload(await this.forPlatform(() => this.logins.secondStep.complete(input)));
  }

  @Mutation(() => PasskeyChallenge, {
    description: 'Starts a passkey login without an address (discoverable credentials, conditional UI).',
  })
  async beginPasskeyLogin(): Promise<PasskeyChallenge> {
    return new PasskeyChallenge(await this.forPlatform(() => this.logins.passkey.begin()));
  }

  @Mutation(() => AuthPayload, {
    description: 'Signs in by passkey; user verification is required, so that no second step follows.',
  })
  async loginWithPasskey(
    @Arg('input', () => LoginWithPasskeyInput) input: LoginWithPasskeyInput,
  ): Promise<AuthPayload> {
    return new AuthPayload(await this.forPlatform(() => this.logins.passkey.login(input)));
  }
}
