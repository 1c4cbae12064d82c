import { blog } from '@platform/blog';
import { useSubgraph } from '@platform/testkit';
import { CREATE, POST_BY_SLUG, UPDATE } from './operations.js';
import { draftOf, postOf, writer } from './people.js';

describe('slugs', () => {
  const harness = useSubgraph(blog);

  it.each([
    ['Crème brûlée, warm!', 'creme-brulee-warm'],
    ['Straße nach Łódź', 'strasse-nach-lodz'],
    ['It’s 5 o’clock', 'its-5-oclock'],
    ['日本語', 'post'],
    ['x'.repeat(200), 'x'.repeat(100)],
  ])('are derived from a title: %s', async (title, slug) => {
    expect((await draftOf(writer(harness), { title })).slug).toBe(slug);
  });

  it('find a post, and nothing when they are malformed or nobody’s', async () => {
    const author = writer(harness);
    const post = await postOf(author, { title: 'Found by its slug' });
    expect(await author.data(POST_BY_SLUG, { slug: 'found-by-its-slug' })).toEqual({ postBySlug: post });
    for (const slug of ['nobody-s', 'Not A Slug', '']) {
      expect(await author.data(POST_BY_SLUG, { slug })).toEqual({ postBySlug: null });
    }
  });

  it('stay unique when many posts of one title are created at once', async () => {
    const author = writer(harness);
    const drafts = await Promise.all(Array.from({ length: 20 }, () => draftOf(author, { title: 'The same title' })));
    const expected = ['the-same-title', ...Array.from({ length: 19 }, (_, index) => `the-same-title-${index + 2}`)];
    expect(drafts.map(({ slug }) => slug).toSorted()).toEqual(expected.toSorted());
  });

  it('are found beside thousands of neighbours without reading them', async () => {
    await harness.sql(
      `INSERT INTO post (id, slug, title, content, status, version, created_at, updated_at, listed_at)
       SELECT gen_random_uuid(), 'crowded' || CASE n WHEN 1 THEN '' ELSE '-' || n END, 'Crowded', '', 'DRAFT', 1, now(), now(), now()
       FROM generate_series(1, 3000) AS n`,
    );
    const rows = async () => {
      const [row] = await harness.sql(
        `SELECT idx_tup_fetch + idx_tup_read + seq_tup_read AS read FROM pg_stat_all_tables
         JOIN (SELECT relid, sum(idx_tup_read) AS idx_tup_read FROM pg_stat_all_indexes GROUP BY relid) AS indexes USING (relid)
         WHERE relid = 'post'::regclass`,
      );
      return Number(row.read);
    };
    const before = await rows();
    expect((await draftOf(writer(harness), { title: 'Crowded' })).slug).toBe('crowded-3001');
    await harness.sql('SELECT pg_stat_force_next_flush()');
    expect((await rows()) - before).toBeLessThan(1_000);
  });

  it('stay unique when derived and chosen ones meet', async () => {
    const author = writer(harness);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        author.request(CREATE, {
          input: { title: index % 3 === 0 ? 'Meet 2' : 'Meet', content: 'x', slug: index % 2 ? 'meet-2' : null },
        }),
      ),
    );
    const codes = answers.flatMap(({ errors = [] }) => errors.map(({ extensions }) => extensions?.code));
    expect(new Set(codes)).toEqual(new Set(['CONFLICT']));
    expect(answers.filter(({ errors }) => !errors).length).toBeGreaterThanOrEqual(5);
  });

  it('are kept when the title changes, and changed when asked for, unless taken', async () => {
    const author = writer(harness);
    const { id } = await draftOf(author, { title: 'Once', slug: 'chosen' });
    await draftOf(author, { slug: 'taken' });

    const { updatePost } = await author.data(UPDATE, { id, input: { title: 'Twice', version: 1 } });
    expect(updatePost.slug).toBe('chosen');
    const error = await author.error(UPDATE, { id, input: { slug: 'taken', version: 2 } });
    expect(error.extensions.code).toBe('CONFLICT');
    const { updatePost: renamed } = await author.data(UPDATE, { id, input: { slug: 'twice', version: 2 } });
    expect(renamed).toMatchObject({ slug: 'twice', version: 3 });
    const { updatePost: same } = await author.data(UPDATE, { id, input: { slug: 'twice', version: 3 } });
    expect(same).toMatchObject({ slug: 'twice', version: 3 });
  });

  it('of a hidden post are answered like nobody’s', async () => {
    await draftOf(writer(harness), { slug: 'hidden' });
    expect(await writer(harness).data(POST_BY_SLUG, { slug: 'hidden' })).toEqual({ postBySlug: null });
  });
});
