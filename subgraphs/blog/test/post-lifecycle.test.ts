import { randomUUID } from 'node:crypto';
import { blog } from '@platform/blog';
import { useSubgraph } from '@platform/testkit';
import { ARCHIVE, CREATE, DELETE, POST, PUBLISH, UPDATE } from './operations.js';
import { draftOf, moderator, postOf, writer } from './people.js';

describe('the life of a post', () => {
  const harness = useSubgraph(blog);
  const eventsOf = async (subject: string) => (await harness.outbox()).filter((event) => event.subject === subject);

  it('begins as a draft of its author', async () => {
    const author = writer(harness);
    const input = { title: '  Of Mice ', content: 'Small ones.', tags: [' Mice', 'mice', 'Men'] };
    const { createPost } = await author.data(CREATE, { input });

    expect(createPost).toMatchObject({
      slug: 'of-mice',
      title: 'Of Mice',
      status: 'DRAFT',
      version: 1,
      publishedAt: null,
      author: { id: author.caller.userId },
      tags: [{ name: 'mice' }, { name: 'men' }],
    });
    expect((await author.data(POST, { id: createPost.id })).post).toEqual(createPost);
  });

  it('is published, archived and brought back, each change announced once and raising the version', async () => {
    const author = writer(harness);
    const { id } = await draftOf(author, { tags: ['news'] });

    const { publishPost } = await author.data(PUBLISH, { id });
    expect(publishPost).toMatchObject({ status: 'PUBLISHED', version: 2, publishedAt: expect.any(String) });
    harness.clock.advance(60_000);
    const { archivePost } = await author.data(ARCHIVE, { id });
    expect(archivePost).toMatchObject({ status: 'ARCHIVED', version: 3, publishedAt: publishPost.publishedAt });
    const { publishPost: again } = await author.data(PUBLISH, { id });
    expect(again).toMatchObject({ status: 'PUBLISHED', version: 4, publishedAt: publishPost.publishedAt });

    const events = await eventsOf(id);
    expect(events.map(({ type }) => type)).toEqual([
      'blog.post.created',
      'blog.post.published',
      'blog.post.archived',
      'blog.post.published',
    ]);
    expect(events[1]).toMatchObject({
      resource: 'post',
      actor: author.caller.userId,
      data: { postId: id, authorId: author.caller.userId, title: 'A title', tags: ['news'] },
    });
  });

  it('stays as it is when it is published or archived twice', async () => {
    const author = writer(harness);
    const { id } = await postOf(author);
    expect((await author.data(PUBLISH, { id })).publishPost.version).toBe(2);
    await author.data(ARCHIVE, { id });
    expect((await author.data(ARCHIVE, { id })).archivePost.version).toBe(3);
    expect(await eventsOf(id)).toHaveLength(3);
  });

  it('cannot be archived as a draft', async () => {
    const author = writer(harness);
    const { id } = await draftOf(author);
    expect((await author.error(ARCHIVE, { id })).extensions.code).toBe('POST_NOT_PUBLISHED');
    expect((await author.data(POST, { id })).post.status).toBe('DRAFT');
  });

  it('ends with its deletion, of which an event tells', async () => {
    const author = writer(harness);
    const { id } = await postOf(author);
    expect(await author.data(DELETE, { id })).toEqual({ deletePost: true });
    expect((await author.data(POST, { id })).post).toBeNull();
    expect((await author.error(DELETE, { id })).extensions.code).toBe('POST_NOT_FOUND');
    expect((await eventsOf(id)).at(-1)).toMatchObject({ type: 'blog.post.deleted' });
  });

  it('is in its author’s hands and a moderator’s, and in nobody else’s', async () => {
    const author = writer(harness);
    const stranger = writer(harness);
    const { id } = await postOf(author);
    const edit = { id, input: { title: 'Taken over', version: 2 } };

    for (const [operation, variables] of [
      [UPDATE, edit],
      [PUBLISH, { id }],
      [ARCHIVE, { id }],
      [DELETE, { id }],
    ] as const) {
      expect((await stranger.error(operation, variables)).extensions.code).toBe('POST_NOT_FOUND');
    }
    const { updatePost } = await moderator(harness).data(UPDATE, edit);
    expect(updatePost).toMatchObject({ title: 'Taken over', version: 3, author: { id: author.caller.userId } });
    await moderator(harness).data(ARCHIVE, { id });
    await moderator(harness).data(DELETE, { id });
  });

  it.each(['', 'nonsense', randomUUID()])('does not exist under the unknown id "%s"', async (id) => {
    const author = writer(harness);
    expect(await author.data(POST, { id })).toEqual({ post: null });
    for (const operation of [PUBLISH, ARCHIVE, DELETE]) {
      expect((await author.error(operation, { id })).extensions.code).toBe('POST_NOT_FOUND');
    }
    expect((await author.error(UPDATE, { id, input: { version: 1 } })).extensions.code).toBe('POST_NOT_FOUND');
  });
});
