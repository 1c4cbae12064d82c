import { Directive, Field, ID, ObjectType } from 'type-graphql';

/** The identity subgraph's user, of whom this one knows the id. */
@ObjectType()
@Directive('@key(fields: "id", resolvable: false)')
export class User {
  constructor(id: string) {
    this.id = id;
  }

  @Field(() => ID)
  readonly id: string;
}
