import { createUnionType, Field, Int, ObjectType } from 'type-graphql';
import type { TokenResponse } from '../../services/tokens/index.js';
import { MfaChallenge } from './mfa-challenge.js';
import { UserView } from './user-view.js';

/** The tokens of a session that begins or goes on. */
@ObjectType()
export class AuthPayload {
  constructor(readonly grant: TokenResponse) {}

  @Field(() => String)
  get accessToken(): string {
    return this.grant.accessToken;
  }

  @Field(() => String)
  get refreshToken(): string {
    return this.grant.refreshToken;
  }

  @Field(() => Int, { description: 'Seconds until the access token expires.' })
  get expiresIn(): number {
    return this.grant.expiresIn;
  }

  @Field(() => String)
  get tokenType(): string {
    return 'Bearer';
  }

  @Field(() => UserView, {
    description: "Identity answers its fields as to this user; other subgraphs as to the request's caller.",
  })
  get user(): UserView {
    return UserView.own(this.grant.user);
  }
}

/** What a login leads to. */
export const LoginResult = createUnionType({
  name: 'LoginResult',
  description: 'Outcome of the first step of a login.',
  types: () => [AuthPayload, MfaChallenge] as const,
});
