import { randomUUID } from 'node:crypto';
import { commentAdded, postPublished } from '@platform/contracts';
import { useSubgraph } from '@platform/testkit';
import { blog } from '../src/main.js';
import { ARCHIVE, PUBLISH } from './operations.js';
import { commentOn, draftOf, guest, postOf, writer } from './people.js';

const PUBLISHED =
  'subscription ($tag: String) { postPublished(tag: $tag) { id title status author { id } tags { name } } }';
const ADDED = 'subscription ($postId: ID!) { commentAdded(postId: $postId) { id body author { id } post { id } } }';

describe('postPublished', () => {
  const harness = useSubgraph(blog);

  it('tells of a post once it is published, and of nothing before', async () => {
    const author = writer(harness);
    const events = await guest(harness).subscribe(PUBLISHED);
    await draftOf(author);
    const { id } = await postOf(author, { title: 'Live', tags: ['News'] });

    const { value } = await events.next();
    expect(value).toEqual({
      data: {
        postPublished: {
          id,
          title: 'Live',
          status: 'PUBLISHED',
          author: { id: author.caller.userId },
          tags: [{ name: 'news' }],
        },
      },
    });
    await events.return?.();
  });

  it('keeps to the tag, however it is written', async () => {
    const author = writer(harness);
    const events = await guest(harness).subscribe(PUBLISHED, { tag: ' NEWS ' });
    await postOf(author, { tags: ['sports'] });
    const { id } = await postOf(author, { tags: ['sports', 'news'] });
    expect((await events.next()).value).toMatchObject({ data: { postPublished: { id } } });
    await events.return?.();
  });

  it('tells of an archived post that is published again', async () => {
    const author = writer(harness);
    const { id } = await postOf(author);
    await author.data(ARCHIVE, { id });
    const events = await guest(harness).subscribe(PUBLISHED);
    await author.data(PUBLISH, { id });
    expect((await events.next()).value).toMatchObject({ data: { postPublished: { id } } });
    await events.return?.();
  });

  it('is refused before it begins to whoever may not read posts', async () => {
    const events = await harness.asAnonymous([]).subscribe(PUBLISHED);
    const { value } = await events.next();
    expect(value.errors).toEqual([
      expect.objectContaining({ path: ['postPublished'], extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }),
    ]);
    expect(value.data ?? null).toBeNull();
    expect(await events.next()).toMatchObject({ done: true });
  });

  it('needs a caller token', async () => {
    await expect(harness.endpoint.subscribe?.({ query: PUBLISHED }, async () => ({}))).rejects.toMatchObject({
      extensions: { code: 'UNAUTHENTICATED' },
    });
  });

  it('says nothing of a post that is out of sight by the time its event arrives', async () => {
    const author = writer(harness);
    const draft = await draftOf(author);
    const events = await guest(harness).subscribe(PUBLISHED);
    const data = { postId: draft.id, authorId: author.caller.userId, title: draft.title, tags: [] };
    await harness.deliver(postPublished, { subject: draft.id, data });
    const { id } = await postOf(author);
    expect((await events.next()).value).toMatchObject({ data: { postPublished: { id } } });
    await events.return?.();
  });
});

describe('commentAdded', () => {
  const harness = useSubgraph(blog);

  it('tells of comments on the one post', async () => {
    const author = writer(harness);
    const [post, other] = [await postOf(author), await postOf(author)];
    const events = await guest(harness).subscribe(ADDED, { postId: post.id });
    await commentOn(author, other.id, 'elsewhere');
    const { id } = await commentOn(author, post.id, 'here');
    expect((await events.next()).value).toEqual({
      data: { commentAdded: { id, body: 'here', author: { id: author.caller.userId }, post: { id: post.id } } },
    });
    await events.return?.();
  });

  it('tells nothing of a post that the reader may not read', async () => {
    const author = writer(harness);
    const post = await postOf(author);
    const events = await guest(harness).subscribe(ADDED, { postId: post.id });
    const told = events.next();
    await author.data(ARCHIVE, { id: post.id });
    const data = { commentId: randomUUID(), postId: post.id, authorId: null };
    await harness.sql(`INSERT INTO comment (id, post_id, body, created_at) VALUES ($1, $2, 'unseen', now())`, [
      data.commentId,
      post.id,
    ]);
    await harness.deliver(commentAdded, { subject: data.commentId, data });

    await author.data(PUBLISH, { id: post.id });
    const { id } = await commentOn(author, post.id);
    expect((await told).value).toMatchObject({ data: { commentAdded: { id } } });
    await events.return?.();
  });
});
