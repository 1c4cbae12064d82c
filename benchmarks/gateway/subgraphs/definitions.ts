import { type Product, products, type Review, reviews, users } from './data.js';

/** The first version that has what is used: the stock gateway refuses a supergraph that links authorization. */
const federation = (rule: string) =>
  rule
    ? 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@authenticated"])'
    : 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@external", "@requires"])';

export interface Definition {
  readonly typeDefs: string;
  readonly resolvers: Record<string, Record<string, unknown>>;
}

/** With `secured`, everything that the operations read asks for a caller who has signed in. */
export const definitions = (secured: boolean): Record<string, Definition> => {
  const rule = secured ? '@authenticated' : '';
  return { users: userSubgraph(rule), products: productSubgraph(rule), inventory, reviews: reviewSubgraph(rule) };
};

/** `for` changes nothing in an answer; it lets a client make every request one of its kind. */
const visitor = 'for: String';

const userSubgraph = (rule: string): Definition => ({
  typeDefs: `${federation(rule)}
    type Query { users(${visitor}): [User!] ${rule} me: User ${rule} }
    type User @key(fields: "id") { id: ID! name(${visitor}): String ${rule} username: String ${rule} birthday: Int }`,
  resolvers: {
    Query: { users: () => users, me: () => users[0] },
    User: { __resolveReference: ({ id }: { id: string }) => users.find((user) => user.id === id) },
  },
});

const productSubgraph = (rule: string): Definition => ({
  typeDefs: `${federation(rule)}
    type Query { topProducts(first: Int = 5, ${visitor}): [Product!] ${rule} }
    type Product @key(fields: "upc") { upc: String! name(${visitor}): String ${rule} price: Int weight: Int }`,
  resolvers: {
    Query: { topProducts: (_: unknown, { first }: { first: number }) => products.slice(0, first) },
    Product: { __resolveReference: ({ upc }: Product) => products.find((product) => product.upc === upc) },
  },
});

const inventory: Definition = {
  typeDefs: `${federation('')}
    type Product @key(fields: "upc") {
      upc: String!
      weight: Int @external
      price: Int @external
      inStock(${visitor}): Boolean
      shippingEstimate(${visitor}): Int @requires(fields: "price weight")
    }`,
  resolvers: {
    Product: {
      inStock: ({ upc }: Product) => Number(upc) % 3 !== 0,
      shippingEstimate: ({ price, weight }: Product) => (price > 1000 ? 0 : Math.round(weight * 0.5)),
      __resolveReference: (reference: Product) => reference,
    },
  },
};

const reviewSubgraph = (rule: string): Definition => ({
  typeDefs: `${federation(rule)}
    type Review @key(fields: "id") { id: ID! body: String ${rule} author: User ${rule} product: Product ${rule} }
    type User @key(fields: "id") { id: ID! reviews(${visitor}): [Review] ${rule} }
    type Product @key(fields: "upc") { upc: String! reviews(${visitor}): [Review] ${rule} }`,
  resolvers: {
    Review: {
      author: ({ author }: Review) => ({ id: author }),
      product: ({ product }: Review) => ({ upc: product }),
      __resolveReference: ({ id }: Review) => reviews.find((review) => review.id === id),
    },
    User: { reviews: ({ id }: { id: string }) => reviews.filter(({ author }) => author === id) },
    Product: { reviews: ({ upc }: Product) => reviews.filter(({ product }) => product === upc) },
  },
});
