import { composeSupergraph } from '@platform/federation-engine/composition';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key", "@policy", "@authenticated", "@requiresScopes", "@inaccessible"])`;

/** Type definitions of the subgraphs that tests have, by name. */
export const TYPE_DEFS = {
  identity: `${LINK}
    scalar JSON
    type Query { me: String @authenticated signingKeys: JSON! @inaccessible organizationNamed(name: String!): ID @inaccessible }
    type Session @key(fields: "id") { id: ID! actsIn(organizationId: ID!): Boolean! @inaccessible }
    type User @key(fields: "id") { id: ID! name: String }`,
  authz: `${LINK}
    type Query { myPermissions: [String!] }`,
  blog: `${LINK}
    type Query { latest: Post hello(name: String = "world"): String fail: String crash: String secret: String @policy(policies: [["blog.post.read"]]) throttled: String! scoped: String @requiresScopes(scopes: [["read", "all"]]) }
    type Mutation { write(text: String!): String }
    type Subscription {
      posted(topic: String): Post! @policy(policies: [["blog.post.read"]])
      open(topic: String): Post!
      unstreamable: Int
    }
    type Post @key(fields: "id") { id: ID! title: String! author: User moderation: String @policy(policies: [["blog.post.moderate"]]) }
    type User @key(fields: "id", resolvable: false) { id: ID! }`,
};

/** The supergraph of these. @param change of the type definitions of each. */
export function supergraphOf(change = (typeDefs: string): string => typeDefs): string {
  const definitions = Object.entries(TYPE_DEFS).map(([name, typeDefs]) => ({
    name,
    typeDefs: change(typeDefs),
    url: `http://${name}`,
  }));
  return composeSupergraph(definitions).sdl;
}
