import { Directive, Field, ID, ObjectType } from 'type-graphql';

/** The identity subgraph's user, of whom this one knows the id and the products. */
@ObjectType()
@Directive('@key(fields: "id")')
export class User {
  constructor(id: string) {
    this.id = id;
  }

  @Field(() => ID)
  readonly id: string;
}

/** The user that owns something, or null when their account is gone. */
export const ownerOf = ({ ownerId }: { ownerId: string | null }): User | null =>
  ownerId === null ? null : new User(ownerId);
