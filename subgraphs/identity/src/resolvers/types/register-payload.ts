import { Field, ObjectType } from 'type-graphql';

/** The same answer whether or not the address was already known. */
@ObjectType({ description: 'The same answer whether or not the address was already known.' })
export class RegisterPayload {
  @Field(() => Boolean)
  accepted!: boolean;
}
