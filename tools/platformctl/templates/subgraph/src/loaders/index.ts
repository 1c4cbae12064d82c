import type { Caller } from '@platform/auth';
import type { LiveEvents } from '@platform/events';
import type { Database } from '@platform/postgres/database';
import { PageLoader, rowLoader, type SubgraphContext } from '@platform/subgraph-server/graphql';
import { NEWEST_FIRST, Product, readableBy } from '../entities/index.js';
import { changedProducts } from './changed-products.js';
import { readableProducts } from './readable-products.js';

/** The batched reads of one request, and the streams that it may begin. */
export const shopLoaders = (database: Database, live: LiveEvents) => (reader: Caller) => ({
  productById: rowLoader(readableProducts(database, reader), ({ id }) => id),
  changedProducts: changedProducts(database, live, reader),
  productsByOwner: new PageLoader({
    query: () => database.read.createQueryBuilder(Product, 'product').where(readableBy(reader)),
    parent: 'ownerId',
    order: NEWEST_FIRST,
  }),
});

export type ShopLoaders = ReturnType<ReturnType<typeof shopLoaders>>;
export type ShopContext = SubgraphContext<ShopLoaders>;
