import { Field, ID, InputType, Int } from 'type-graphql';
import { PostStatus } from '../../entities/index.js';

@InputType()
export class PostFilter {
  @Field(() => PostStatus, { nullable: true })
  status?: PostStatus | null;

  @Field(() => ID, { nullable: true })
  authorId?: string | null;

  @Field(() => String, { nullable: true })
  tag?: string | null;

  @Field(() => String, { nullable: true })
  search?: string | null;
}

@InputType()
export class CreatePostInput {
  @Field(() => String)
  title!: string;

  @Field(() => String)
  content!: string;

  @Field(() => [String], { nullable: true, defaultValue: [] })
  tags?: string[] | null;

  @Field(() => String, { nullable: true })
  slug?: string | null;
}

@InputType()
export class UpdatePostInput {
  @Field(() => String, { nullable: true })
  title?: string | null;

  @Field(() => String, { nullable: true })
  content?: string | null;

  @Field(() => [String], { nullable: true })
  tags?: string[] | null;

  @Field(() => String, { nullable: true })
  slug?: string | null;

  @Field(() => Int)
  version!: number;
}
