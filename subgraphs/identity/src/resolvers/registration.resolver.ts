import { Arg, Mutation, Resolver } from 'type-graphql';
import type { ConstantTimeResponse } from '../services/constant-time-response.js';
import type { EmailVerificationService } from '../services/email-verification.service.js';
import type { PasswordResetService } from '../services/password-reset.service.js';
import type { RegistrationService } from '../services/registration.service.js';
import type { ForPlatform } from './for-platform.js';
import { RegisterInput, RegisterPayload, ResetPasswordInput } from './types/index.js';

/** What can be done without an account, knowing an address or holding a mailed link. */
@Resolver()
export class RegistrationResolver {
  constructor(
    private readonly registrations: RegistrationService,
    private readonly verifications: EmailVerificationService,
    private readonly resets: PasswordResetService,
    private readonly uniformTime: ConstantTimeResponse,
    private readonly forPlatform: ForPlatform,
  ) {}

  @Mutation(() => RegisterPayload)
  async register(@Arg('input', () => RegisterInput) input: RegisterInput): Promise<RegisterPayload> {
    return { accepted: await this.forPlatform(() => this.uniformTime.after(this.registrations.register(input))) };
  }

  @Mutation(() => Boolean)
  verifyEmail(@Arg('token', () => String) token: string): Promise<true> {
    return this.forPlatform(() => this.verifications.verify(token));
  }

  @Mutation(() => Boolean)
  resendVerificationEmail(@Arg('email', () => String) email: string): Promise<true> {
    return this.forPlatform(() => this.uniformTime.after(this.verifications.resend(email)));
  }

  @Mutation(() => Boolean)
  requestPasswordReset(@Arg('email', () => String) email: string): Promise<true> {
    return this.forPlatform(() => this.uniformTime.after(this.resets.request(email)));
  }

  @Mutation(() => Boolean)
  resetPassword(@Arg('input', () => ResetPasswordInput) input: ResetPasswordInput): Promise<true> {
    return this.forPlatform(() => this.resets.reset(input));
  }
}
