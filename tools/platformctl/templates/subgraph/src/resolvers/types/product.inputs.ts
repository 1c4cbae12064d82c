import { Field, ID, InputType, Int } from 'type-graphql';

@InputType()
export class ProductFilter {
  @Field(() => ID, { nullable: true })
  ownerId?: string | null;
}

@InputType()
export class CreateProductInput {
  @Field(() => String)
  name!: string;
}

@InputType()
export class UpdateProductInput {
  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => Int)
  version!: number;
}
