import type { Caller } from '@platform/auth';
import { slug as aSlug, readIfFit } from '@platform/foundation/text';
import { type Database, readRows } from '@platform/postgres/database';
import { In } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { type ContentPart, Post, readableBy, withContent } from '../entities/index.js';

const WELL_FORMED = { id: isUuid, slug: (slug: string) => readIfFit(aSlug, slug) !== undefined };

/** Reads posts by id or slug. What the reader may not read is not there, and neither is what a malformed key stands for. */
export const readablePosts =
  (database: Database, reader: Caller, key: 'id' | 'slug', part: ContentPart) =>
  (values: readonly string[]): Promise<Post[]> => {
    const among = { [key]: In(values.filter(WELL_FORMED[key])) };
    const posts = database.read
      .createQueryBuilder(Post, 'post')
      .where(readableBy(reader).map((readable) => ({ ...readable, ...among })));
    return readRows(withContent(posts, part));
  };
