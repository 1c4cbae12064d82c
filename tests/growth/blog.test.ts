import { blog } from '@platform/blog';
import { authorId, postId, seedBlog, talkedOfPost } from './blog-rows.js';
import { describeGrowth, type GrowthQuery } from './growth-suite.js';

const asGuest: GrowthQuery['as'] = (harness) => harness.asAnonymous(['blog.post.read']);
const asAuthor: GrowthQuery['as'] = (harness) => harness.asUser(authorId(1), ['blog.post.read']);
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
  list(name, { filter: { search, ...rest } }, { growth: { atMost: 80_000 } });

const counted = (name: string, filter: Record<string, unknown>, as = asGuest): GrowthQuery => ({
  name,
  as,
  query: COUNT,
  variables: () => ({ filter }),
  growth: { atMost: 80_000 },
});

describeGrowth({
  subgraph: blog,
  seed: seedBlog,
  nested: true,
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
    list('drafts of the author of most', { filter: { status: 'DRAFT' } }, { as: asAuthor }),
    list('drafts of all authors, for a moderator', { filter: { status: 'DRAFT' } }, { as: asModerator }),
    found('a search for a common word', 'common'),
    found('a search for two common words that no post has both of', 'common purple'),
    found('a search with an exclusion', 'common -purple'),
    found('a search for a word of every tenth post', 'tenth'),
    found('a search for a word of every thirtieth post', 'thirtieth'),
    found('a search for a word of one post in a hundred', 'seldom'),
    // No more posts are read for it than for others, but entries of the index of words.
    list(
      'a search for a word of every tenth post, all of them old',
      { filter: { search: 'past' } },
      { growth: { atMost: 500_000 } },
    ),
    found('a search for a rare word', 'rare'),
    found('a search for a word that no post has', 'nowhere'),
    found('a search among the posts of one author', 'common', { authorId: authorId(1) }),
    found('a search among the posts with a common tag', 'common', { tag: 'common' }),
    counted('the number of posts', {}),
    counted('the number of posts with a common word', { search: 'common' }),
    counted('the number of posts with a rare word', { search: 'rare' }),
    counted('the number of posts with a common tag', { tag: 'common' }),
    counted('the number of posts of one author', { authorId: authorId(1) }),
    {
      name: 'the tags with their numbers of posts',
      as: asGuest,
      query: '{ tags { name postCount } }',
      growth: { atMost: 20_000 },
    },
    {
      name: 'the first page with three comments each',
      as: asGuest,
      query: '{ posts { nodes { id comments(first: 3) { nodes { id body } } } } }',
      growth: 'flat',
    },
    {
      name: 'the comments of the post with most, from the end',
      as: asGuest,
      query: 'query ($id: ID!) { post(id: $id) { comments(last: 20) { nodes { id body } } } }',
      variables: (rows) => ({ id: talkedOfPost(rows) }),
      growth: 'flat',
    },
    {
      name: 'the number of comments of the post with most',
      as: asGuest,
      query: 'query ($id: ID!) { post(id: $id) { comments(first: 0) { totalCount } } }',
      variables: (rows) => ({ id: talkedOfPost(rows) }),
      growth: { atMost: 80_000 },
    },
    {
      name: 'the posts of ten authors',
      as: asGuest,
      query: `query ($users: [_Any!]!) { _entities(representations: $users) { ... on User { posts(first: 5) { nodes { id } } } } }`,
      variables: () => ({
        users: Array.from({ length: 10 }, (_, n) => ({ __typename: 'User', id: authorId(n + 1) })),
      }),
      growth: 'flat',
    },
    {
      name: 'a post by its slug',
      as: asGuest,
      query: 'query ($slug: String!) { postBySlug(slug: $slug) { id content } }',
      variables: (rows) => ({ slug: `post-${rows / 2}` }),
      growth: 'flat',
    },
  ],
});
