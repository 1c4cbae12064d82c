import { policy } from '@platform/subgraph-server/graphql';
import { Arg, Ctx, Directive, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { IdentityContext } from '../loaders/index.js';
import type { FactorServices } from '../services/factors/index.js';
import { signedIn } from './signed-in.js';
import {
  MfaStatusView,
  ReauthenticateInput,
  ReauthenticationChallengeView,
  RecoveryCodesView,
  SessionView,
  TotpEnrollmentView,
  UserView,
} from './types/index.js';

/** What protects the caller's account beside a password, and proofs that the caller is still who signed in. */
@Resolver()
export class FactorResolver {
  constructor(private readonly services: Pick<FactorServices, 'own' | 'reauthentication'>) {}

  @Query(() => MfaStatusView, { nullable: true, description: "The caller's second factors." })
  @Directive('@authenticated')
  async mfaStatus(@Ctx() { caller }: IdentityContext): Promise<MfaStatusView> {
    return new MfaStatusView(await this.services.own.status(signedIn(caller)));
  }

  @Mutation(() => TotpEnrollmentView, {
    description: 'Starts TOTP enrolment; nothing changes until confirmTotp. Needs a recent authentication.',
  })
  @Directive('@authenticated')
  enrollTotp(@Ctx() { caller }: IdentityContext): Promise<TotpEnrollmentView> {
    return this.services.own.enrollTotp(caller);
  }

  @Mutation(() => RecoveryCodesView, {
    description: 'Turns TOTP on and returns the recovery codes, the only time they are shown.',
  })
  @Directive('@authenticated')
  async confirmTotp(
    @Arg('code', () => String) code: string,
    @Ctx() { caller }: IdentityContext,
  ): Promise<RecoveryCodesView> {
    return { codes: await this.services.own.confirmTotp(caller, signedIn(caller), code) };
  }

  @Mutation(() => Boolean, { description: 'Turns TOTP off and voids the recovery codes.' })
  @Directive('@authenticated')
  disableTotp(@Arg('password', () => String) password: string, @Ctx() { caller }: IdentityContext): Promise<true> {
    return this.services.own.disableTotp(caller, signedIn(caller), password);
  }

  @Mutation(() => RecoveryCodesView, {
    description: 'Replaces all recovery codes by ten new ones. Needs a recent authentication.',
  })
  @Directive('@authenticated')
  async regenerateRecoveryCodes(@Ctx() { caller }: IdentityContext): Promise<RecoveryCodesView> {
    return { codes: await this.services.own.regenerateRecoveryCodes(caller) };
  }

  @Mutation(() => ReauthenticationChallengeView, {
    description: 'Returns the ways in which this session can prove its user again.',
  })
  @Directive('@authenticated')
  async beginReauthentication(@Ctx() { caller }: IdentityContext): Promise<ReauthenticationChallengeView> {
    return new ReauthenticationChallengeView(await this.services.reauthentication.begin(caller, signedIn(caller)));
  }

  @Mutation(() => SessionView, {
    nullable: true,
    description: 'Proves the user again; Session.authenticatedAt becomes now, and tokens stay the same.',
  })
  @Directive('@authenticated')
  async reauthenticate(
    @Arg('input', () => ReauthenticateInput) input: ReauthenticateInput,
    @Ctx() { caller }: IdentityContext,
  ): Promise<SessionView> {
    return new SessionView(await this.services.reauthentication.prove(caller, signedIn(caller), input), caller);
  }

  @Mutation(() => UserView, {
    nullable: true,
    description:
      'Removes every second factor and recovery code of a user who lost them, ends their sessions and mails them. Needs a recent authentication.',
  })
  @Directive(policy('identity.mfa.reset'))
  async resetUserMfa(
    @Arg('userId', () => ID) userId: string,
    @Arg('reason', () => String) reason: string,
    @Ctx() context: IdentityContext,
  ): Promise<UserView> {
    return UserView.for(context, await this.services.own.reset(context.caller, userId, reason));
  }
}
