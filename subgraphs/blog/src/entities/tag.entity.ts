import { Directive, Field, ObjectType } from 'type-graphql';

/** A word that posts are found by. It is there as soon as a published post carries it, and has no row of its own. */
@ObjectType()
@Directive('@key(fields: "name")')
export class Tag {
  constructor(name: string) {
    this.name = name;
  }

  @Field(() => String)
  readonly name: string;
}

/** A tag's name as it is stored and looked up: lower case, without space around it or NUL, which PostgreSQL cannot store. */
export const tagName = (name: string): string => name.replaceAll('\0', '').normalize('NFKC').trim().toLowerCase();
