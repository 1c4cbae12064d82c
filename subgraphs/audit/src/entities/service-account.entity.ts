import { Directive, Field, ID, ObjectType } from 'type-graphql';

/** The identity subgraph's machine identity, of which this one knows the id. */
@ObjectType({ description: 'A machine identity; owned by identity.' })
@Directive('@key(fields: "id", resolvable: false)')
export class ServiceAccount {
  constructor(id: string) {
    this.id = id;
  }

  @Field(() => ID)
  readonly id: string;
}
