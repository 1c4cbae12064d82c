import { connectionOf } from '@platform/subgraph-server/graphql';
import { Product } from '../../entities/index.js';

/** Pages of products. */
export const ProductConnection = connectionOf(Product);
export type ProductConnection = InstanceType<typeof ProductConnection>;
