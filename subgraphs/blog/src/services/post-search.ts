import type { Caller } from '@platform/kernel/auth';
import type { Database } from '@platform/kernel/database';
import { BadUserInput } from '@platform/kernel/errors';
import { type Page, type PageArguments, paginate } from '@platform/kernel/graphql';
import { Brackets, type SelectQueryBuilder } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { BEST_MATCH_FIRST, NEWEST_FIRST, Post, PostStatus, readableBy, Tag, tagName } from '../entities/index.js';

/** What a list of posts may be narrowed to. Nothing, or null, does not narrow; without a status, it lists published posts. */
export interface PostCriteria {
  readonly status?: PostStatus | null;
  readonly authorId?: string | null;
  readonly tag?: string | null;
  /** Looked for in title, tags and content: words, "phrases", `or` and -exclusions, as people type them into search boxes. */
  readonly search?: string | null;
}

const MAX_SEARCH_LENGTH = 500;

/** Finds posts, of which nobody gets to see more than they may read. */
export class PostSearch {
  constructor(private readonly database: Database) {}

  /** Newest first; what is searched for, best match first. @throws BadUserInput for unfit paging arguments, and for a search of more than 500 characters. */
  async find(reader: Caller, criteria: PostCriteria, page: PageArguments): Promise<Page<Post>> {
    const query = this.database.read
      .createQueryBuilder(Post, 'post')
      .where(new Brackets((readable) => readable.where(readableBy(reader))))
      .andWhere('post.status = :status', { status: criteria.status ?? PostStatus.PUBLISHED });
    const order = criteria.search == null ? NEWEST_FIRST : BEST_MATCH_FIRST;
    return paginate(narrowed(query, criteria), order, page);
  }

  /** The tags of published posts, most used first, at most 1,000. */
  async tags(): Promise<Tag[]> {
    const rows = await this.database.read
      .createQueryBuilder(Post, 'post')
      .select('unnest(post.tags)', 'name')
      .where({ status: PostStatus.PUBLISHED })
      .groupBy('name')
      .orderBy('count(*)', 'DESC')
      .addOrderBy('name')
      .limit(1_000)
      .getRawMany<{ name: string }>();
    return rows.map(({ name }) => new Tag(name));
  }
}

function narrowed(query: SelectQueryBuilder<Post>, { authorId, tag, search }: PostCriteria): SelectQueryBuilder<Post> {
  if (authorId != null) query.andWhere(isUuid(authorId) ? { authorId } : 'FALSE');
  if (tag != null) query.andWhere('post.tags @> ARRAY[:tag]', { tag: tagName(tag) });
  if (search != null) {
    if (search.length > MAX_SEARCH_LENGTH)
      throw new BadUserInput({ 'filter.search': `At most ${MAX_SEARCH_LENGTH} characters.` });
    query.andWhere(`post.search @@ websearch_to_tsquery('english', :search)`, { search: search.replaceAll('\0', ' ') });
  }
  return query;
}
