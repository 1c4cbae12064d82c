import { randomUUID } from 'node:crypto';
import { blog } from '@platform/blog';
import { userDeleted } from '@platform/contracts';
import { useSubgraph } from '@platform/testkit';
import { COMMENTS, POST, UPDATE } from './operations.js';
import { commentOn, draftOf, guest, moderator, postOf, writer } from './people.js';

const POSTS_OF = `query ($representations: [_Any!]!, $first: Int) {
  _entities(representations: $representations) {
    ... on User { id posts(first: $first) { nodes { id } totalCount pageInfo { hasNextPage } } }
  }
}`;

describe('authors', () => {
  const harness = useSubgraph(blog);

  it('have their published posts, newest first', async () => {
    const [author, other] = [writer(harness), writer(harness)];
    const older = await postOf(author);
    harness.clock.advance(1_000);
    const newer = await postOf(author);
    await draftOf(author);

    const representations = [author.caller.userId, other.caller.userId, 'nonsense'].map((id) => ({
      __typename: 'User',
      id,
    }));
    const { _entities } = await guest(harness).data(POSTS_OF, { representations });
    expect(_entities.map((user: { posts: unknown } | null) => user?.posts)).toEqual([
      { nodes: [{ id: newer.id }, { id: older.id }], totalCount: 2, pageInfo: { hasNextPage: false } },
      { nodes: [], totalCount: 0, pageInfo: { hasNextPage: false } },
      undefined,
    ]);
  });

  it('lose their name, and nothing else, when their account is deleted', async () => {
    const [author, other] = [writer(harness), writer(harness)];
    const userId = author.caller.userId as string;
    const post = await postOf(author);
    const comment = await commentOn(author, post.id);
    const kept = await commentOn(other, post.id);
    const event = { id: randomUUID(), subject: userId, data: { userId } };
    await harness.deliver(userDeleted, event);
    await harness.deliver(userDeleted, event);

    const read = await guest(harness).data(POST, { id: post.id });
    expect(read.post).toEqual({ ...post, author: null, version: post.version + 1 });
    const { post: commented } = await guest(harness).data(COMMENTS, { id: post.id });
    expect(commented.comments.nodes).toEqual([
      { id: comment.id, body: comment.body, author: null },
      { id: kept.id, body: kept.body, author: { id: other.caller.userId } },
    ]);
    const { updatePost } = await moderator(harness).data(UPDATE, {
      id: post.id,
      input: { title: 'Tidied', version: 3 },
    });
    expect(updatePost.author).toBeNull();
  });
});
