import { Field, InputType } from 'type-graphql';
import { UserStatus } from '../../entities/index.js';

/** Which users to list. */
@InputType('UserFilter')
export class UserFilterInput {
  @Field(() => String, { nullable: true })
  search?: string | null;

  @Field(() => UserStatus, { nullable: true })
  status?: UserStatus | null;

  @Field(() => Boolean, { nullable: true })
  emailVerified?: boolean | null;

  @Field(() => Date, { nullable: true })
  createdAfter?: Date | null;

  @Field(() => Date, { nullable: true })
  createdBefore?: Date | null;
}
