import 'reflect-metadata';
import { expensive } from '@platform/foundation/request-bounds';
import { ArgsType, type ClassType, Directive, Field, Int, ObjectType } from 'type-graphql';

/** Where a page lies in its list, after the GraphQL Cursor Connections specification. */
@ObjectType()
@Directive('@shareable')
export class PageInfo {
  @Field(() => Boolean)
  hasNextPage!: boolean;

  @Field(() => Boolean)
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true })
  startCursor!: string | null;

  @Field(() => String, { nullable: true })
  endCursor!: string | null;
}

/** The paging arguments of every list. */
@ArgsType()
export class PageArguments {
  @Field(() => Int, { nullable: true })
  first?: number;

  @Field(() => String, { nullable: true })
  after?: string;

  @Field(() => Int, { nullable: true })
  last?: number;

  @Field(() => String, { nullable: true })
  before?: string;
}

/** One page of a list; `totalCount` is counted only when asked for. */
export interface Page<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[];
  readonly pageInfo: PageInfo;
  readonly count: () => Promise<number>;
}

/** What a paged list costs at most, for demand control (Apollo's @listSize). */
export const PAGED_LIST_SIZE =
  '@listSize(assumedSize: 20, slicingArguments: ["first", "last"], sizedFields: ["edges", "nodes"], requireOneSlicingArgument: false)';

/** The connection type of a node type: `<Name>Connection` and `<Name>Edge`. Resolvers answer `new Connection(page)`. */
export function connectionOf<Node extends object>(nodeType: ClassType<Node>, name = nodeType.name) {
  @ObjectType(`${name}Edge`)
  class Edge {
    @Field(() => String)
    cursor!: string;

    @Field(() => nodeType)
    node!: Node;
  }

  @ObjectType(`${name}Connection`)
  class Connection {
    constructor(readonly page: Page<Node>) {}

    @Field(() => [Edge])
    edges(): readonly Edge[] {
      return this.page.edges;
    }

    @Field(() => [nodeType])
    nodes(): Node[] {
      return this.page.edges.map(({ node }) => node);
    }

    @Field(() => PageInfo)
    pageInfo(): PageInfo {
      return this.page.pageInfo;
    }

    @Field(() => Int, { description: 'Exact up to 10,000, which stands for that many and more.' })
    @Directive('@cost(weight: 10)')
    totalCount(): Promise<number> {
      return expensive(() => this.page.count());
    }
  }

  return Connection;
}
