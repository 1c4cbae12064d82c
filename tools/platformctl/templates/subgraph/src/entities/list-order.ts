import type { ListOrder } from '@platform/subgraph-server/graphql';
import type { Product } from './product.entity.js';

/** How products are listed, over the alias `product`. */
export const NEWEST_FIRST: ListOrder<Product> = {
  columns: ['product.createdAt', 'product.id'],
  direction: 'DESC',
  valuesOf: ({ createdAt, id }) => [createdAt, id],
};
