import type { Caller } from '@platform/kernel/auth';
import type { Database } from '@platform/kernel/database';
import { In } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { Post, readableBy, SLUG } from '../entities/index.js';

const WELL_FORMED = { id: isUuid, slug: (slug: string) => SLUG.test(slug) };

/** Reads posts by id or slug. What the reader may not read is not there, and neither is what a malformed key stands for. */
export const readablePosts =
  (database: Database, reader: Caller, key: 'id' | 'slug') =>
  (values: readonly string[]): Promise<Post[]> => {
    const among = { [key]: In(values.filter(WELL_FORMED[key])) };
    return database.read.findBy(
      Post,
      readableBy(reader).map((readable) => ({ ...readable, ...among })),
    );
  };
