import type { Caller } from '@platform/auth';
import { expensive } from '@platform/foundation/request-bounds';
import { search as aSearch, tag as aTag, readCondition } from '@platform/foundation/text';
import { type Database, plannedForItsValues } from '@platform/postgres/database';
import { checkedArgument, type Page, type PageArguments, paginate } from '@platform/subgraph-server/graphql';
import type { SelectQueryBuilder } from 'typeorm';
import { validate as isUuid } from 'uuid';
import {
  BEST_MATCH_FIRST,
  type ContentPart,
  listableBy,
  NEWEST_FIRST,
  Post,
  PostStatus,
  searchedWords,
  Tag,
  TagCount,
  withContent,
} from '../entities/index.js';

/** Posts that a search ranks, the newest that match. */
const MAX_MATCHES = 1_000;

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
  async find(reader: Caller, criteria: PostCriteria, page: PageArguments, part: ContentPart): Promise<Page<Post>> {
    const status = criteria.status ?? PostStatus.PUBLISHED;
    const tag = checkedArgument('filter.tag', () => readCondition(aTag, criteria.tag)) ?? null;
    const search = checkedArgument('filter.search', () => readSearch(criteria.search));
    const author = criteria.authorId ?? null;
    const listable = listableBy(reader, status);
    const query = withContent(this.database.read.createQueryBuilder(Post, 'post'), part).where(listable);
    if (author !== null) query.andWhere(isUuid(author) ? 'post.authorId = :author' : 'FALSE', { author });
    if (tag !== null) query.andWhere('post.tags @> ARRAY[:tag]', { tag });
    if (author !== null || tag !== null || search !== undefined) plannedForItsValues(query);
    if (search === undefined) return paginate(query, NEWEST_FIRST, page);

    return expensive(async () => {
      const own = typeof listable.authorId === 'string' ? listable.authorId : null;
      await this.narrowToMatches(query, search, { status, author: isUuid(author) ? author : own, tag });
      return paginate(query, BEST_MATCH_FIRST, page);
    });
  }

  /** Leaves of the posts the newest ones that match: as many as can be ranked in a moment, however many there are. */
  private async narrowToMatches(
    query: SelectQueryBuilder<Post>,
    search: string,
    { status, author, tag }: { status: PostStatus; author: string | null; tag: string | null },
  ): Promise<void> {
    const [{ ids }] = await this.database.read.query<[{ ids: string[] }]>(
      'SELECT ids FROM matching_posts(folded($1), $2, $3, $4, $5)',
      [search, status, author, tag, MAX_MATCHES],
    );
    query.andWhere('post.id = ANY (:ids)', { search, ids });
  }

  /** The tags of published posts, most used first, at most 1,000. */
  async tags({ tenantId }: Caller): Promise<Tag[]> {
    const counts = await this.database.read.find(TagCount, {
      where: { tenantId },
      order: { posts: 'DESC', name: 'ASC' },
      take: 1_000,
    });
    return counts.map(({ name, posts }) => new Tag(name, posts));
  }
}

function readSearch(search: string | null | undefined): string | undefined {
  const given = readCondition(aSearch, search);
  return given === undefined ? undefined : searchedWords(given);
}
