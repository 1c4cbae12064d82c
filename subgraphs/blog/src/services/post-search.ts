import type { Caller } from '@platform/kernel/auth';
import type { Database } from '@platform/kernel/database';
import { checkedArgument, type Page, type PageArguments, paginate } from '@platform/kernel/graphql';
import { search as aSearch, tag as aTag, readCondition } from '@platform/kernel/text';
import { Brackets, type SelectQueryBuilder } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { BEST_MATCH_FIRST, NEWEST_FIRST, Post, PostStatus, readableBy, searchedWords, Tag } from '../entities/index.js';

/** What a list of posts may be narrowed to. Nothing, null, or a blank text does not narrow; without a status, it lists published posts. */
export interface PostCriteria {
  readonly status?: PostStatus | null;
  readonly authorId?: string | null;
  readonly tag?: string | null;
  /** Looked for in title, tags and content: words, "phrases", `or` and -exclusions, as people type them into search boxes. */
  readonly search?: string | null;
}

/** Finds posts, of which nobody gets to see more than they may read. */
export class PostSearch {
  constructor(private readonly database: Database) {}

  /** Newest first; what is searched for, best match first. @throws BadUserInput for unfit paging arguments, and for a search of more than 500 characters or of exclusions alone. */
  async find(reader: Caller, criteria: PostCriteria, page: PageArguments): Promise<Page<Post>> {
    const query = this.database.read
      .createQueryBuilder(Post, 'post')
      .where(new Brackets((readable) => readable.where(readableBy(reader))))
      .andWhere('post.status = :status', { status: criteria.status ?? PostStatus.PUBLISHED });
    const given = {
      ...criteria,
      tag: checkedArgument('filter.tag', () => readCondition(aTag, criteria.tag)),
      search: checkedArgument('filter.search', () => readSearch(criteria.search)),
    };
    return paginate(narrowed(query, given), given.search === undefined ? NEWEST_FIRST : BEST_MATCH_FIRST, page);
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

function readSearch(search: string | null | undefined): string | undefined {
  const given = readCondition(aSearch, search);
  return given === undefined ? undefined : searchedWords(given);
}

function narrowed(query: SelectQueryBuilder<Post>, { authorId, tag, search }: PostCriteria): SelectQueryBuilder<Post> {
  if (authorId != null) query.andWhere(isUuid(authorId) ? { authorId } : 'FALSE');
  if (tag != null) query.andWhere('post.tags @> ARRAY[:tag]', { tag });
  if (search != null) query.andWhere('post.search @@ (SELECT post_query(folded(:search)))', { search });
  return query;
}
