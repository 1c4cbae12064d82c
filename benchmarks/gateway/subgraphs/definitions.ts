import { type Product, products, type Review, reviews, users } from './data.js';

/** A version that every peer reads. */
const FEDERATION =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@external", "@requires"])';

export interface Definition {
  readonly typeDefs: string;
  readonly resolvers: Record<string, Record<string, unknown>>;
}

/** `for` changes nothing in an answer; it lets a client make every request one of its kind. */
const visitor = 'for: String';

const userSubgraph: Definition = {
  typeDefs: `${FEDERATION}
    type Query { users(${visitor}): [User!] me: User }
    type User @key(fields: "id") { id: ID! name(${visitor}): String username: String birthday: Int }`,
  resolvers: {
    Query: { users: () => users, me: () => users[0] },
    User: { __resolveReference: ({ id }: { id: string }) => users.find((user) => user.id === id) },
  },
};

const productSubgraph: Definition = {
  typeDefs: `${FEDERATION}
    type Query { topProducts(first: Int = 5, ${visitor}): [Product!] }
    type Product @key(fields: "upc") { upc: String! name(${visitor}): String price: Int weight: Int }`,
  resolvers: {
    Query: { topProducts: (_: unknown, { first }: { first: number }) => products.slice(0, first) },
    Product: { __resolveReference: ({ upc }: Product) => products.find((product) => product.upc === upc) },
  },
};

const inventory: Definition = {
  typeDefs: `${FEDERATION}
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

const reviewSubgraph: Definition = {
  typeDefs: `${FEDERATION}
    type Review @key(fields: "id") { id: ID! body: String author: User product: Product }
    type User @key(fields: "id") { id: ID! reviews(${visitor}): [Review] }
    type Product @key(fields: "upc") { upc: String! reviews(${visitor}): [Review] }`,
  resolvers: {
    Review: {
      author: ({ author }: Review) => ({ id: author }),
      product: ({ product }: Review) => ({ upc: product }),
      __resolveReference: ({ id }: Review) => reviews.find((review) => review.id === id),
    },
    User: { reviews: ({ id }: { id: string }) => reviews.filter(({ author }) => author === id) },
    Product: { reviews: ({ upc }: Product) => reviews.filter(({ product }) => product === upc) },
  },
};

export const definitions: Readonly<Record<string, Definition>> = {
  users: userSubgraph,
  products: productSubgraph,
  inventory,
  reviews: reviewSubgraph,
};
