import { Json } from '@platform/subgraph-server/graphql';
import { Field, ID, InputType, ObjectType } from 'type-graphql';

@InputType()
export class AuthorizeInput {
  @Field(() => ID)
  userId!: string;

  @Field(() => String)
  permission!: string;

  @Field(() => Json, { nullable: true })
  resource?: unknown;

  @Field(() => Json, { nullable: true })
  context?: unknown;
}

@ObjectType()
export class Decision {
  @Field(() => Boolean)
  allowed!: boolean;

  @Field(() => String, { description: 'One sentence a person can act on.' })
  reason!: string;

  @Field(() => [String], { description: 'The roles and policies that decided.' })
  decidedBy!: string[];
}
