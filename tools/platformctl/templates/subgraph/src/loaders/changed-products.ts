import type { Caller } from '@platform/auth';
import { productCreated, productUpdated } from '@platform/contracts';
import type { EventStreams } from '@platform/events';
import { flatMap } from '@platform/foundation/streams';
import type { Database } from '@platform/postgres/database';
import type { Product } from '../entities/index.js';
import { readableProducts } from './readable-products.js';

/** Products as they are created and updated, or one of them if an id is given. One that is gone meanwhile is left out. */
export const changedProducts =
  (database: Database, live: EventStreams, reader: Caller) =>
  (id: string | null): AsyncIterableIterator<Product> => {
    const read = readableProducts(database, reader);
    return flatMap(live.of(productCreated, productUpdated).inBatches(), async (events) => {
      const ids = events
        .filter(({ tenantid }) => tenantid === reader.tenantId)
        .map(({ data }) => data.productId)
        .filter((productId) => id === null || productId === id.toLowerCase());
      if (ids.length === 0) return [];
      const products = new Map((await read(ids)).map((product) => [product.id, product]));
      return ids.flatMap((productId) => products.get(productId) ?? []);
    });
  };
