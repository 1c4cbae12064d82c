import type { Caller } from '@platform/auth';
import type { Database } from '@platform/postgres/database';
import { Any } from 'typeorm';
import { TagCount } from '../entities/index.js';

/** How many published posts carry each of the tags. */
export const postCounts =
  (database: Database, { tenantId }: Caller) =>
  async (tags: readonly string[]): Promise<Map<string, number>> => {
    const counts = await database.read.findBy(TagCount, { tenantId, name: Any([...tags]) });
    return new Map(counts.map(({ name, posts }) => [name, posts]));
  };
