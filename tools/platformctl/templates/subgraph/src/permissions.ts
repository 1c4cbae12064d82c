import { type AccessRules, everyone, permission } from '@platform/subgraph-server/graphql';
import { actsOnNoUser, type Targets } from '@platform/subgraph-server/subgraph';

const readers = permission('shop.product.read');

/** Who may reach what, whichever way it is reached. Which products those are is decided by the queries. */
export const access: AccessRules = {
  Query: { product: readers, products: readers },
  Mutation: {
    createProduct: permission('shop.product.create'),
    updateProduct: permission('shop.product.update', 'shop.product.manage'),
    deleteProduct: permission('shop.product.delete', 'shop.product.manage'),
  },
  Subscription: { productChanged: readers },
  Product: readers,
  ProductConnection: readers,
  ProductEdge: readers,
  User: { id: everyone, products: readers },
};

/** Products are changed here, never the people who own them. */
export const targets: Targets = {
  createProduct: actsOnNoUser,
  updateProduct: actsOnNoUser,
  deleteProduct: actsOnNoUser,
};
