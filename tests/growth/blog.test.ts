import { blog } from '@platform/blog';
import { authorId, postId, seedBlog } from './blog-rows.js';
import { describeGrowth, type GrowthQuery } from './growth-suite.js';

const asGuest: GrowthQuery['as'] = (harness) => harness.asAnonymous(['blog.post.read']);
const asModerator: GrowthQuery['as'] = (harness) =>
  harness.asUser(authorId(9), ['blog.post.read', 'blog.post.moderate']);

const LIST = `query ($filter: PostFilter, $first: Int, $after: String, $last: Int, $before: String) {
  posts(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
    edges { cursor node { id title author { id } tags { name } } } pageInfo { hasNextPage }
  }
}`;
const COUNT = 'query ($filter: PostFilter) { posts(filter: $filter, first: 1) { totalCount } }';

const cursor = (...values: unknown[]): string => Buffer.from(JSON.stringify(values)).toString('base64url');
const middle = (rows: number): string =>
  cursor(new Date(Date.parse('2026-01-01T00:00:00Z') + (rows / 2) * 60_000), postId(rows / 2));

const list = (
  name: string,
  variables: Record<string, unknown> = {},
  { as = asGuest, growth = 'flat' }: Partial<Pick<GrowthQuery, 'as' | 'growth'>> = {},
): GrowthQuery => ({ name, as, query: LIST, variables: () => variables, growth });

const found = (name: string, search: string, rest: Record<string, unknown> = {}): GrowthQuery =>
  list(name, { filter: { search, ...rest } }, { growth: { atMost: 40_000 } });

const counted = (name: string, filter: Record<string, unknown>, as = asGuest): GrowthQuery => ({
  name,
  as,
  query: COUNT,
  variables: () => ({ filter }),
  growth: { atMost: 30_000 },
});

describeGrowth({
  subgraph: blog,
  seed: seedBlog,
  queries: [
    list('the first page of posts'),
    list('a first page of a hundred', { first: 100 }),
    list('the last page', { last: 20 }),
    {
      name: 'a page in the middle',
      as: asGuest,
      query: LIST,
      variables: (rows) => ({ after: middle(rows) }),
      growth: 'flat',
    },
    list('posts with a common tag', { filter: { tag: 'common' } }),
    list('posts with a tag of one in a thousand', { filter: { tag: 'tag-5' } }, { growth: { atMost: 10_000 } }),
    list('posts with a rare tag', { filter: { tag: 'rare' } }),
    list('posts of the author of most', { filter: { authorId: authorId(1) } }),
    list('posts of another author', { filter: { authorId: authorId(4) } }),
    list('drafts of all authors, for a moderator', { filter: { status: 'DRAFT' } }, { as: asModerator }),
    found('a search for a word of one post in a hundred', 'seldom'),
    found('a search for a rare word', 'rare'),
    found('a search for a word that no post has', 'nowhere'),
    counted('the number of posts with a rare word', { search: 'rare' }),
    {
      name: 'a post by its slug',
      as: asGuest,
      query: 'query ($slug: String!) { postBySlug(slug: $slug) { id content } }',
      variables: (rows) => ({ slug: `post-${rows / 2}` }),
      growth: 'flat',
    },
  ],
});
