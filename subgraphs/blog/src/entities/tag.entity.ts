import { readIfFit, tag } from '@platform/foundation/text';
import { Directive, Field, ObjectType } from 'type-graphql';

/** A word that posts are found by. It is there as soon as a published post carries it, and has no row of its own. */
@ObjectType()
@Directive('@key(fields: "name")')
export class Tag {
  /** @param posts how many published posts carry it, where that is known. */
  constructor(
    name: string,
    readonly posts?: number,
  ) {
    this.name = name;
  }

  @Field(() => String)
  readonly name: string;
}

/** A tag's name as it is stored and looked up; undefined for a text that no tag can be. */
export const tagName = (name: string): string | undefined => readIfFit(tag, name);
