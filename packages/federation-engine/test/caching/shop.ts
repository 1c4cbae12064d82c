import type { TestSubgraph } from '../federation.js';
import { CACHING } from './cached-federation.js';

/** Posts of one subgraph, the stars that they got of another. `version` tells how often an answer was made. */
export function world() {
  const state = { version: 1, gone: new Set<string>() };
  const posts: TestSubgraph = {
    name: 'posts',
    typeDefs: `${CACHING}
      type Query {
        top(first: Int = 3): [Post!] @cacheControl(maxAge: 60, scope: PUBLIC) @cacheTag(format: "top")
        post(id: ID!): Post @cacheControl(maxAge: 60) @cacheTag(format: "post-{$args.id}")
        mine: Note @cacheControl(maxAge: 30, scope: PRIVATE)
        now: Int
        guarded: String @policy(policies: [["reader"]]) @cacheControl(maxAge: 60, scope: PUBLIC)
        brief: Note @cacheControl(maxAge: 5)
      }
      type Mutation { write: Int }
      type Note @cacheControl(maxAge: 20) { text: String secondly: Int @cacheControl(maxAge: 1) }
      type Post @key(fields: "id") {
        id: ID! @cacheControl(scope: PUBLIC)
        title: String @cacheControl(scope: PUBLIC)
        draft: String @cacheControl(scope: PRIVATE)
      }`,
    resolvers: {
      Query: {
        top: (_, { first }) =>
          ['1', '2', '3', '4'].slice(0, first).map((id) => ({ id, title: `${id} v${state.version}` })),
        post: (_, { id }) => (state.gone.has(id) ? null : { id, title: `${id} v${state.version}` }),
        mine: () => ({ text: `note v${state.version}`, secondly: state.version }),
        brief: () => ({ text: `brief v${state.version}`, secondly: state.version }),
        now: () => state.version,
        guarded: () => 'for readers',
      },
      Mutation: { write: () => ++state.version },
    },
  };
  const ratings: TestSubgraph = {
    name: 'ratings',
    typeDefs: `${CACHING}
      type Post @key(fields: "id") @cacheTag(format: "stars-{$key.id}") {
        id: ID! @cacheControl(scope: PUBLIC)
        stars: Int @cacheControl(maxAge: 60, scope: PUBLIC)
        seen: Boolean @cacheControl(maxAge: 60)
        scaled(by: Int = 2): Int @cacheControl(maxAge: 60, scope: PUBLIC)
        votes: Int
      }`,
    resolvers: {
      Post: {
        __resolveReference: ({ id }) =>
          state.gone.has(id) ? null : { id, stars: Number(id) * 10 + state.version, seen: true, votes: state.version },
        scaled: ({ id }, { by }) => (by === null ? null : Number(id) * by),
      },
    },
  };
  return { state, subgraphs: [posts, ratings] };
}
