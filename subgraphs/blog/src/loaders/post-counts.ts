import type { Database } from '@platform/kernel/database';
import { Post, PostStatus } from '../entities/index.js';

/** Counts the published posts that carry each of the tags. */
export const postCounts =
  (database: Database) =>
  async (tags: readonly string[]): Promise<Map<string, number>> => {
    const rows = await database.read
      .createQueryBuilder(Post, 'post')
      .select('unnest(post.tags)', 'tag')
      .addSelect('count(*)::int', 'count')
      .where({ status: PostStatus.PUBLISHED })
      .andWhere('post.tags && ARRAY[:...tags]', { tags })
      .groupBy('tag')
      .getRawMany<{ tag: string; count: number }>();
    return new Map(rows.map(({ tag, count }) => [tag, count]));
  };
