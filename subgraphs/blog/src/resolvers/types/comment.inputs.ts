import { Field, ID, InputType } from 'type-graphql';

@InputType()
export class AddCommentInput {
  @Field(() => ID)
  postId!: string;

  @Field(() => String)
  body!: string;
}
