import { connectionOf, type Page } from '@platform/subgraph-server/graphql';
import { Field, ObjectType } from 'type-graphql';
import { type Subject, User } from '../../entities/index.js';

/** Somebody who holds a permission. */
@ObjectType()
export class GrantHolder {
  @Field(() => User, { nullable: true })
  readonly user: User;

  /** What is held; not part of the schema. */
  readonly code: string;

  constructor(userId: string, code: string) {
    this.user = new User(userId);
    this.code = code;
  }
}

export const GrantHolderConnection = connectionOf(GrantHolder);

/** The page of users as holders of what was asked for. */
export const holdersOf = (page: Page<Subject>, code: string) =>
  new GrantHolderConnection({
    ...page,
    edges: page.edges.map(({ cursor, node }) => ({ cursor, node: new GrantHolder(node.userId, code) })),
  });
