import { blog } from '@platform/blog';
import { useSubgraph } from '@platform/testkit';
import { CREATE, POST, UPDATE } from './operations.js';
import { draftOf, writer } from './people.js';

describe('updatePost', () => {
  const harness = useSubgraph(blog);

  it('replaces what is given and keeps the rest', async () => {
    const author = writer(harness);
    const draft = await draftOf(author, { tags: ['old'] });
    harness.clock.advance(1_000);
    const { updatePost } = await author.data(UPDATE, {
      id: draft.id,
      input: { title: 'New', content: null, version: 1 },
    });

    expect(updatePost).toMatchObject({
      title: 'New',
      content: draft.content,
      slug: draft.slug,
      tags: draft.tags,
      version: 2,
    });
    expect(Date.parse(updatePost.updatedAt)).toBeGreaterThan(Date.parse(draft.updatedAt));
    expect(await harness.outbox()).toContainEqual(
      expect.objectContaining({ type: 'blog.post.updated', subject: draft.id }),
    );
  });

  it('changes nothing, tells nothing and keeps the version when all is as before', async () => {
    const author = writer(harness);
    const { id } = await draftOf(author, { title: 'The title', content: 'The text', tags: ['one', 'two'] });
    const before = await author.data(POST, { id });
    harness.clock.advance(1_000);
    const same = { title: ' The title ', content: 'The text', tags: ['One', 'two', 'one'], slug: before.post.slug };
    for (const input of [same, {}, { title: null }]) await author.data(UPDATE, { id, input: { ...input, version: 1 } });

    expect(await author.data(POST, { id })).toEqual(before);
    expect(await harness.outbox()).not.toContainEqual(
      expect.objectContaining({ type: 'blog.post.updated', subject: id }),
    );
    expect((await author.error(UPDATE, { id, input: { version: 2 } })).extensions['code']).toBe('CONFLICT');
  });

  it('refuses a stale version and changes nothing', async () => {
    const author = writer(harness);
    const { id } = await draftOf(author);
    await author.data(UPDATE, { id, input: { tags: ['first'], version: 1 } });

    const error = await author.error(UPDATE, { id, input: { title: 'Second', version: 1 } });
    expect(error.extensions).toMatchObject({ code: 'CONFLICT', currentVersion: 2 });
    expect((await author.data(POST, { id })).post).toMatchObject({
      title: 'A title',
      tags: [{ name: 'first' }],
      version: 2,
    });
  });

  it('lets one of many simultaneous edits of a version win, time and again', async () => {
    const author = writer(harness);
    const { id } = await draftOf(author);
    for (const version of [1, 2, 3, 4, 5]) {
      const edits = Array.from({ length: 10 }, (_, index) =>
        author.request(UPDATE, { id, input: { title: `Edit ${version}.${index}`, version } }),
      );
      const answers = await Promise.all(edits);

      const won = answers.filter(({ errors }) => !errors);
      const codes = answers.flatMap(({ errors = [] }) => errors.map(({ extensions }) => extensions?.code));
      expect(won).toHaveLength(1);
      expect(codes).toEqual(Array(9).fill('CONFLICT'));
      expect((await author.data(POST, { id })).post).toEqual(won[0]?.data?.updatePost);
    }
    const updates = (await harness.outbox()).filter(
      ({ type, subject }) => type === 'blog.post.updated' && subject === id,
    );
    expect(updates).toHaveLength(5);
  });
});

describe('what a post may say', () => {
  const harness = useSubgraph(blog);

  it('accepts titles, contents and tags up to their limits, counted in characters', async () => {
    const tags = Array.from({ length: 10 }, (_, index) => `${index}${'🏷'.repeat(49)}`);
    const draft = await draftOf(writer(harness), { title: '🖋'.repeat(200), content: '字'.repeat(100_000), tags });
    expect(draft.tags).toHaveLength(10);
  });

  it('names every mistake at once', async () => {
    const input = {
      title: ' ',
      content: 'x'.repeat(100_001),
      tags: ['fine', '', 'y'.repeat(51)],
      slug: 'Not A Slug',
    };
    const error = await writer(harness).error(CREATE, { input });

    expect(error.extensions.code).toBe('BAD_USER_INPUT');
    expect(Object.keys(error.extensions.fields as object).toSorted()).toEqual([
      'input.content',
      'input.slug',
      'input.tags.1',
      'input.tags.2',
      'input.title',
    ]);
  });

  it.each([
    ['a title of 201 characters', { title: 'x'.repeat(201) }, 'input.title'],
    ['no content', { content: '' }, 'input.content'],
    ['a NUL', { content: 'a\0b' }, 'input.content'],
    ['eleven tags', { tags: Array.from({ length: 11 }, (_, index) => `tag ${index}`) }, 'input.tags'],
    ['a slug with a hyphen at its end', { slug: 'slug-' }, 'input.slug'],
    ['an empty slug', { slug: '' }, 'input.slug'],
  ])('refuses %s, in a new post as in an edit', async (_, mistake, field) => {
    const author = writer(harness);
    const { id } = await draftOf(author);
    const valid = { title: 'A title', content: 'Some content.' };
    for (const error of [
      await author.error(CREATE, { input: { ...valid, ...mistake } }),
      await author.error(UPDATE, { id, input: { ...mistake, version: 1 } }),
    ]) {
      expect(error.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: { [field]: expect.any(String) } });
    }
    expect((await author.data(POST, { id })).post.version).toBe(1);
  });
});
