import type { Caller } from '@platform/auth';
import type { Database } from '@platform/postgres/database';
import { In } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { Product, readableBy } from '../entities/index.js';

/** Reads products by id. What the reader may not see is not there, and neither is what a malformed id stands for. */
export const readableProducts =
  (database: Database, reader: Caller) =>
  (ids: readonly string[]): Promise<Product[]> =>
    database.read.findBy(Product, { ...readableBy(reader), id: In(ids.filter((id) => isUuid(id))) });
