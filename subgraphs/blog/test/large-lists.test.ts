import { blog } from '@platform/blog';
import { useSubgraph } from '@platform/testkit';
import { POSTS } from './operations.js';
import { commentOn, draftOf, guest, postOf, writer } from './people.js';

const COUNT = 'query ($filter: PostFilter) { posts(filter: $filter) { totalCount } }';

describe('large lists', () => {
  const harness = useSubgraph(blog, { set: ['events.relay=false'] });

  /** So many posts with the title, published where nothing else is said, a minute apart, the last one newest. */
  const insert = (title: string, posts: number, { status, from } = { status: 'PUBLISHED', from: '2026-01-01' }) =>
    harness.sql(
      `INSERT INTO post (id, slug, title, content, tags, status, version, created_at, updated_at, published_at, listed_at)
       SELECT gen_random_uuid(), $1 || n, $1 || ' ' || n, 'x', '{}', $3, 1, at, at, at, at
       FROM generate_series(1, $2) AS n, LATERAL (SELECT $4::timestamptz + n * interval '1 minute' AS at) AS made`,
      [title, posts, status, from],
    );

  it('of posts that a search finds are of the newest thousand, whether PostgreSQL knows how many there are or not', async () => {
    await insert('often', 1_500);
    for (const known of [false, true]) {
      if (known) await harness.sql('ANALYZE post');
      const pages: string[] = [];
      for (let after: string | null = null; ; ) {
        const { posts } = await guest(harness).data(POSTS, { filter: { search: 'often' }, first: 100, after });
        pages.push(...posts.nodes.map(({ title }: { title: string }) => title));
        expect(posts.totalCount).toBe(1_000);
        if (!posts.pageInfo.hasNextPage) break;
        after = posts.pageInfo.endCursor;
      }
      expect([pages.length, pages[0], pages.at(-1)]).toEqual([1_000, 'often 1500', 'often 501']);
      expect((await guest(harness).data(COUNT, { filter: { search: '"often 3"' } })).posts.totalCount).toBe(1);
    }
  });

  it('of drafts that a search finds are of the newest thousand of one’s own', async () => {
    const author = writer(harness);
    const { id } = await draftOf(author, { title: 'Secretly mine' });
    await insert('secretly', 1_100, { status: 'DRAFT', from: '2050-01-01' });
    const { posts } = await author.data(POSTS, { filter: { search: 'secretly', status: 'DRAFT' }, first: 5 });
    expect(posts.nodes.map((post: { id: string }) => post.id)).toEqual([id]);
  });

  it('are counted up to ten thousand', async () => {
    await insert('many', 9_999);
    expect((await guest(harness).data(COUNT)).posts.totalCount).toBe(10_000);

    const author = writer(harness);
    const { id } = await postOf(author);
    await commentOn(author, id);
    await harness.sql(
      `INSERT INTO comment (id, post_id, body, created_at) SELECT gen_random_uuid(), $1, 'x', now() FROM generate_series(1, 10000)`,
      [id],
    );
    const { post } = await guest(harness).data(
      'query ($id: ID!) { post(id: $id) { comments(first: 1) { totalCount } } }',
      { id },
    );
    expect(post.comments.totalCount).toBe(10_000);
  });
});
