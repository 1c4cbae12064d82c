import { Field, InputType } from 'type-graphql';

/** What everybody may say of themselves. */
@InputType()
abstract class ProfileInput {
  @Field(() => String, { nullable: true })
  username?: string | null;

  @Field(() => String, { nullable: true })
  firstName?: string | null;

  @Field(() => String, { nullable: true })
  lastName?: string | null;

  @Field(() => String, { nullable: true })
  locale?: string | null;
}

/** Arguments of `register`. */
@InputType()
export class RegisterInput extends ProfileInput {
  @Field(() => String)
  email!: string;

  @Field(() => String)
  password!: string;
}

/** Arguments of `registerWithInvitation`. */
@InputType({ description: 'A new account by invitation; the address is that of the invitation.' })
export class RegisterWithInvitationInput extends ProfileInput {
  @Field(() => String, { description: 'Token from the mailed link.' })
  token!: string;

  @Field(() => String)
  password!: string;
}

/** Arguments of `login`. */
@InputType()
export class LoginInput {
  @Field(() => String)
  email!: string;

  @Field(() => String)
  password!: string;
}

/** Arguments of `resetPassword`. */
@InputType()
export class ResetPasswordInput {
  @Field(() => String)
  token!: string;

  @Field(() => String)
  newPassword!: string;
}

/** Arguments of `changePassword`. */
@InputType()
export class ChangePasswordInput {
  @Field(() => String)
  oldPassword!: string;

  @Field(() => String)
  newPassword!: string;
}

/** Arguments of `requestEmailChange`. */
@InputType({ description: 'A change of address.' })
export class RequestEmailChangeInput {
  @Field(() => String, { description: "Address that is to be the account's." })
  newEmail!: string;

  @Field(() => String, {
    description: 'Password; empty for an account without one, which needs a recent authentication.',
  })
  password!: string;
}

/** Arguments of `updateProfile`: what is left out stays. */
@InputType()
export class UpdateProfileInput extends ProfileInput {}

/** Arguments of `createUser`. */
@InputType({ description: 'The user sets a password by the link that is mailed to them.' })
export class CreateUserInput extends ProfileInput {
  @Field(() => String)
  email!: string;
}

/** Arguments of `updateUser`: what is left out stays. */
@InputType()
export class UpdateUserInput extends ProfileInput {
  @Field(() => String, { nullable: true })
  email?: string | null;

  @Field(() => Boolean, { nullable: true })
  emailVerified?: boolean | null;
}
