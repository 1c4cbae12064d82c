import type { Caller } from '@platform/auth';
import { type Database, plannedForItsValues } from '@platform/postgres/database';
import { type Page, type PageArguments, paginate } from '@platform/subgraph-server/graphql';
import { validate as isUuid } from 'uuid';
import { NEWEST_FIRST, Product, readableBy } from '../entities/index.js';

/** What a list of products may be narrowed to. Nothing, or null, does not narrow. */
export interface ProductCriteria {
  readonly ownerId?: string | null;
}

/** Finds products that the reader may see. */
export class ProductList {
  constructor(private readonly database: Database) {}

  /** Newest first. @throws BadUserInput for unfit paging arguments */
  async find(reader: Caller, { ownerId }: ProductCriteria, page: PageArguments): Promise<Page<Product>> {
    const query = this.database.read.createQueryBuilder(Product, 'product').where(readableBy(reader));
    if (ownerId != null) {
      query.andWhere(isUuid(ownerId) ? 'product.ownerId = :ownerId' : 'FALSE', { ownerId });
      plannedForItsValues(query);
    }
    return paginate(query, NEWEST_FIRST, page);
  }
}
