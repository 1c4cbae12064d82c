import { buildSubgraphSchema } from '@apollo/subgraph';
import { Engine, loadSupergraph, unauthenticated } from '@platform/federation-engine';
import { composeSupergraph } from '@platform/federation-engine/composition';
import { graphql, parse } from 'graphql';
import { OperationCosts } from '../../src/cost/index.js';

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key", "@shareable", { name: "@cost", as: "@weight" }, "@listSize"])';

const TYPE_DEFS = {
  books: `${LINK}
    type Query {
      book: Book
      books(first: Int, last: Int): [Book!] @listSize(assumedSize: 7, slicingArguments: ["first", "last"], requireOneSlicingArgument: false)
      shelf(first: Int!): [Book] @listSize(slicingArguments: ["first"])
      page(size: Int, filter: Filter): BookPage @listSize(slicingArguments: ["size"], sizedFields: ["nodes", "edges"])
      unknown: [Book]
      grid: [[Book]]
      anything: [Anything] @listSize(assumedSize: 3)
      report: Int @weight(weight: 25)
    }
    type Mutation { add(filter: Filter!): Book }
    input Filter { text: String @weight(weight: 3) tags: [Tag!] nested: Filter }
    input Tag { name: String }
    type BookPage { nodes: [Book] edges: [BookEdge] total: Int }
    type BookEdge { node: Book cursor: String }
    union Anything = Book | Author
    type Book @key(fields: "id") { id: ID! title: String excerpt(length: Int): String author: Author cover: Cover pages: [Int!] @listSize(assumedSize: 4) }
    type Cover @weight(weight: 5) { url: String }
    type Author @key(fields: "id") { id: ID! }`,
  people: `${LINK}
    type Query { me: Author }
    type Author @key(fields: "id") { id: ID! name: String rating: Int @weight(weight: 2) friends(first: Int = 2): [Author!] @listSize(slicingArguments: ["first"]) }`,
};

/** Of lists that nothing is known of. */
export const LIST_SIZE = 10;

/** How long a list turns out to be, given how long it may be. */
type Length = (most: number) => number;

/** Two subgraphs that honour the sizes they declare, in lists of any length up to them. */
export class CostWorld {
  readonly costs = new OperationCosts(LIST_SIZE);
  readonly engine: Engine;
  length: Length = (most) => most;

  constructor() {
    const { sdl } = composeSupergraph(
      Object.entries(TYPE_DEFS).map(([name, typeDefs]) => ({ name, url: `http://${name}`, typeDefs })),
    );
    const endpoints = Object.fromEntries(
      Object.entries(TYPE_DEFS).map(([name, typeDefs]) => {
        const schema = buildSubgraphSchema([{ typeDefs: parse(typeDefs), resolvers: this.resolvers as never }]);
        const execute = async ({ query, variables }: { query: string; variables?: Record<string, unknown> }) =>
          JSON.parse(JSON.stringify(await graphql({ schema, source: query, variableValues: variables })));
        return [name, { execute }];
      }),
    );
    this.engine = new Engine({ supergraph: loadSupergraph(sdl), endpoints: (name) => endpoints[name] as never });
  }

  estimate(query: string, variables: Record<string, unknown> = {}) {
    const operation = this.engine.operation(query);
    return this.costs.estimate(operation, this.engine.coerceVariables(operation, variables));
  }

  async actual(query: string, given: Record<string, unknown> = {}): Promise<number> {
    const operation = this.engine.operation(query);
    const variables = this.engine.coerceVariables(operation, given);
    const answer = await this.engine.execute(await this.engine.prepare(operation, unauthenticated, variables));
    if (answer.errors || !answer.merged) throw new Error(JSON.stringify(answer.errors));
    return this.costs.actual(operation, answer.merged(), variables);
  }

  private list = <T>(most: number, item: (index: number) => T): T[] =>
    Array.from({ length: this.length(Math.max(0, most)) }, (_, index) => item(index));
  private readonly book = (): unknown => ({
    __typename: 'Book',
    id: '1',
    title: 'A book',
    cover: { url: 'x' },
    author: { id: 'ada' },
    pages: this.list(4, (index) => index),
  });
  private readonly resolvers = {
    Query: {
      book: this.book,
      books: (_: unknown, { first, last }: { first?: number; last?: number }) =>
        this.list(first ?? last ?? 7, this.book),
      shelf: (_: unknown, { first }: { first: number }) => this.list(first, this.book),
      page: (_: unknown, { size }: { size: number }) => ({
        total: 1,
        nodes: () => this.list(size, this.book),
        edges: () => this.list(size, () => ({ cursor: 'x', node: this.book() })),
      }),
      unknown: () => this.list(LIST_SIZE, this.book),
      grid: () => this.list(LIST_SIZE, () => this.list(LIST_SIZE, this.book)),
      anything: () => this.list(3, (index) => (index % 2 ? this.book() : { __typename: 'Author', id: 'ada' })),
      report: () => 1,
      me: () => ({ id: 'me' }),
    },
    Mutation: { add: this.book },
    Author: {
      __resolveReference: ({ id }: { id: string }) => ({ id }),
      name: ({ id }: { id: string }) => id,
      rating: () => 5,
      friends: (_: unknown, { first }: { first: number }) => this.list(first, (index) => ({ id: `friend-${index}` })),
    },
  };
}
