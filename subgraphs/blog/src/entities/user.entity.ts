import { Directive, Field, ID, ObjectType } from 'type-graphql';

/** The identity subgraph's user, of whom this one knows the id and the posts. */
@ObjectType()
@Directive('@key(fields: "id")')
export class User {
  constructor(id: string) {
    this.id = id;
  }

  @Field(() => ID)
  readonly id: string;
}

/** The user that wrote something, or null when their account is gone. */
export const authorOf = ({ authorId }: { authorId: string | null }): User | null =>
  authorId === null ? null : new User(authorId);
