import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';

@ObjectType()
export class CoverImage {
  @Field(() => String, { description: 'Good until expiresAt, for whoever has it.' })
  readonly url!: string;

  @Field(() => Date)
  readonly expiresAt!: Date;

  @Field(() => String)
  readonly contentType!: string;

  @Field(() => Int, { description: 'In bytes.' })
  readonly size!: number;
}

@ObjectType()
export class UploadHeader {
  @Field(() => String)
  readonly name!: string;

  @Field(() => String)
  readonly value!: string;
}

@ObjectType({
  description: 'Send the image to the URL with this method and these headers, then call setCoverImage with the id.',
})
export class CoverImageUpload {
  @Field(() => ID)
  readonly id!: string;

  @Field(() => String)
  readonly url!: string;

  @Field(() => String)
  readonly method!: string;

  @Field(() => [UploadHeader])
  readonly headers!: UploadHeader[];

  @Field(() => Date)
  readonly expiresAt!: Date;
}

@InputType()
export class UploadCoverImageInput {
  @Field(() => String, { description: 'image/png, image/jpeg, image/gif, image/webp or image/avif.' })
  contentType!: string;

  @Field(() => Int, { description: 'In bytes, at most 5 MiB.' })
  size!: number;
}
