import { buildSchema, type GraphQLSchema, isObjectType, printSchema } from 'graphql';
import { Federation, type TestSubgraph } from './federation.js';

type Ref = { __typename: string; id: string };
const ref =
  (__typename: string) =>
  (id: string): Ref => ({ __typename, id });
const user = ref('User');
const post = ref('Post');
const page = ref('Page');

const names: Record<string, string | null> = { u1: 'Ada', u2: 'Bob', u3: null };
const contents = [post('p1'), page('g1'), post('p2'), page('g2')];
const fail = (message: string): never => {
  throw new Error(message);
};

/**
 * The same small world twice: cut into three subgraphs behind the engine, and whole in graphql-js. Every resolver needs
 * the id of its object only, so that both use the same ones. Some fields fail, some are null where they must not be.
 */
export const subgraphs: TestSubgraph[] = [
  {
    name: 'people',
    typeDefs: `
      type Query { users: [User!] user(id: ID!): User me: User! beings: [Being] }
      interface Being { id: ID! name: String }
      type User implements Being @key(fields: "id") {
        id: ID! name: String email: String! age(unit: String): Int manager: User peers(first: Int): [User] mood: Mood
      }
      type Bot implements Being { id: ID! name: String master: User! }
      enum Mood { GOOD BAD }
    `,
    resolvers: {
      Query: {
        users: () => ['u1', 'u2', 'u3'].map(user),
        user: (_: unknown, { id }: { id: string }) => (id in names ? user(id) : null),
        me: () => user('u1'),
        beings: () => [user('u2'), ref('Bot')('b1'), null, user('u3')],
      },
      User: {
        name: ({ id }: Ref) => names[id],
        email: ({ id }: Ref) => (id === 'u2' ? fail('no email') : `${id}@example.org`),
        age: ({ id }: Ref, { unit }: { unit?: string }) => Number(id.slice(1)) * (unit === 'months' ? 12 : 1),
        manager: ({ id }: Ref) => (id === 'u1' ? null : user('u1')),
        peers: ({ id }: Ref, { first = 3 }: { first?: number }) =>
          ['u1', 'u2', 'u3']
            .filter((other) => other !== id)
            .slice(0, first)
            .map(user),
        mood: ({ id }: Ref) => (id === 'u1' ? 'GOOD' : id === 'u2' ? 'BAD' : fail('moody')),
      },
      Bot: { name: () => 'R2', master: () => user('u2') },
    },
  },
  {
    name: 'content',
    typeDefs: `
      type Query { feed: [Content!] post(id: ID! = "p1"): Post search: [Hit] matrix: [[Content!]]! }
      interface Content { id: ID! title: String! author: User }
      type Post implements Content @key(fields: "id") { id: ID! title: String! author: User! tags: [[String]] related: [Content!]! }
      type Page implements Content @key(fields: "id") { id: ID! title: String! author: User parent: Page }
      union Hit = User | Post | Page
      type User @key(fields: "id") { id: ID! posts: [Post!] favourite: Content }
    `,
    resolvers: {
      Query: {
        feed: () => contents,
        post: (_: unknown, { id }: { id: string }) => (['p1', 'p2'].includes(id) ? post(id) : null),
        search: () => [user('u1'), ...contents, user('u3')],
        matrix: () => [[post('p1'), page('g1')], null, [], [post('p2')]],
      },
      Post: {
        title: ({ id }: Ref) => `Post ${id}`,
        author: ({ id }: Ref) => user(id === 'p1' ? 'u1' : 'u2'),
        tags: ({ id }: Ref) => (id === 'p1' ? [['a', null], null, []] : null),
        related: () => [page('g1'), post('p1')],
      },
      Page: {
        title: ({ id }: Ref) => (id === 'g2' ? fail('no title') : `Page ${id}`),
        author: ({ id }: Ref) => (id === 'g1' ? user('u3') : null),
        parent: ({ id }: Ref) => (id === 'g1' ? null : page('g1')),
      },
      User: {
        posts: ({ id }: Ref) => (id === 'u3' ? null : [post(id === 'u1' ? 'p1' : 'p2')]),
        favourite: ({ id }: Ref) => (id === 'u2' ? page('g2') : post('p2')),
      },
    },
  },
  {
    name: 'stats',
    typeDefs: `
      type Query { top: [User!]! }
      type User @key(fields: "id") { id: ID! name: String @external age(unit: String): Int @external score: Int! badge: String @requires(fields: "name age(unit: \\"months\\")") }
      type Post @key(fields: "id") { id: ID! views(scale: Int = 1): Int likedBy: [User] }
      type Page @key(fields: "id") { id: ID! title: String! @external views(scale: Int = 1): Int slug: String! @requires(fields: "title") }
    `,
    resolvers: {
      Query: { top: () => [user('u3'), user('u1')] },
      User: {
        score: ({ id }: Ref) => (id === 'u3' ? fail('no score') : 10),
        badge: ({ name, age }: { name: string | null; age: number }) => `${name} ${age}`,
      },
      Post: {
        views: ({ id }: Ref, { scale }: { scale: number }) => (id === 'p1' ? 5 * scale : null),
        likedBy: () => [user('u1'), null, user('u2')],
      },
      Page: {
        views: (_: Ref, { scale }: { scale: number }) => 7 * scale,
        slug: ({ title }: { title: string }) => title.toLowerCase(),
      },
    },
  },
];

const wholeOnly: Record<string, Record<string, unknown>> = {
  User: { badge: ({ id }: Ref) => `${names[id]} ${Number(id.slice(1)) * 12}` },
  Page: { slug: ({ id }: Ref) => (id === 'g2' ? fail('no title') : `page ${id}`) },
};

export const universe = () => new Federation(subgraphs);

/** The API schema of the same subgraphs as one executable schema. */
export function whole(api: GraphQLSchema): GraphQLSchema {
  const schema = buildSchema(printSchema(api));
  const resolvers = [...subgraphs.map((subgraph) => subgraph.resolvers ?? {}), wholeOnly];
  for (const [typeName, fields] of resolvers.flatMap((map) => Object.entries(map))) {
    const type = schema.getType(typeName);
    if (!isObjectType(type)) continue;
    for (const [name, resolve] of Object.entries(fields)) {
      const field = type.getFields()[name];
      if (field) field.resolve = resolve as never;
    }
  }
  return schema;
}
