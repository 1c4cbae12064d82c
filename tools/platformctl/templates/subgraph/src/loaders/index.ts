import type { Caller } from '@platform/auth';
import type { EventStreams } from '@platform/events';
import type { Database } from '@platform/postgres/database';
import { PageLoader, rowLoader, type SubgraphContext } from '@platform/subgraph-server/graphql';
import type DataLoader from 'dataloader';
import { NEWEST_FIRST, Product, readableBy } from '../entities/index.js';
import { changedProducts } from './changed-products.js';
import { readableProducts } from './readable-products.js';

/** The batched reads of one request, and the streams that it may begin. */
export interface ShopLoaders {
  readonly productById: DataLoader<string, Product | null>;
  readonly productsByOwner: PageLoader<Product>;
  readonly changedProducts: (id: string | null) => AsyncIterableIterator<Product>;
}

export type ShopContext = SubgraphContext<ShopLoaders>;

export const shopLoaders =
  (database: Database, live: EventStreams) =>
  (reader: Caller): ShopLoaders => ({
    productById: rowLoader(readableProducts(database, reader), ({ id }) => id),
    productsByOwner: new PageLoader({
      query: () => database.read.createQueryBuilder(Product, 'product').where(readableBy(reader)),
      parent: 'ownerId',
      order: NEWEST_FIRST,
    }),
    changedProducts: changedProducts(database, live, reader),
  });
