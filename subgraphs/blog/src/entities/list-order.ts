import type { ListOrder } from '@platform/subgraph-server/graphql';
import type { Comment } from './comment.entity.js';
import { LANGUAGES } from './language.js';
import type { Post } from './post.entity.js';

/** How posts are listed, over the alias `post`: by publication, or else creation. */
export const NEWEST_FIRST: ListOrder<Post> = {
  columns: ['post.listedAt', 'post.id'],
  direction: 'DESC',
  valuesOf: ({ listedAt, id }) => [listedAt, id],
};

/**
 * How well a post answers the query parameter `search` in its language, as a whole number: what cursors carry must not be rounded.
 * It is ranked by any of the words: for all of them PostgreSQL compares each place of each word with each of each other one.
 */
const RANK = `round(1000000 * ts_rank(post.search, CASE post.language ${LANGUAGES.map(
  (language) => `WHEN '${language}' THEN (SELECT websearch_to_tsquery('${language}', folded(:search)))`,
).join(' ')} END || '''no word'''::tsquery))::integer`;

/** How found posts are listed, over the alias `post`: best match first; the newest of those that match alike. */
export const BEST_MATCH_FIRST: ListOrder<Post> = {
  columns: [RANK, ...NEWEST_FIRST.columns],
  direction: 'DESC',
  valuesOf: (post) => [post.rank ?? 0, ...NEWEST_FIRST.valuesOf(post)],
  computed: { rank: RANK },
};

/** How a post's comments are listed, over the alias `comment`: as the conversation went. */
export const OLDEST_FIRST: ListOrder<Comment> = {
  columns: ['comment.createdAt', 'comment.id'],
  direction: 'ASC',
  valuesOf: ({ createdAt, id }) => [createdAt, id],
};
