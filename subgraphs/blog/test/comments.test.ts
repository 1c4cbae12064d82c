import { blog } from '@platform/blog';
import { useSubgraph } from '@platform/testkit';
import { ARCHIVE, COMMENT, COMMENTS, DELETE, DELETE_COMMENT } from './operations.js';
import { commentOn, draftOf, guest, moderator, postOf, writer } from './people.js';

const ENTITY = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) { ... on Comment { id body post { id } } }
}`;

describe('comments', () => {
  const harness = useSubgraph(blog);

  it('are added to a published post, announced, and listed in their order', async () => {
    const [author, reader] = [writer(harness), writer(harness)];
    const { id } = await postOf(author);
    const first = await commentOn(reader, id, 'First!');
    harness.clock.advance(1_000);
    const second = await commentOn(author, id, 'Second.');

    expect(first).toMatchObject({ body: 'First!', author: { id: reader.caller.userId }, post: { id } });
    const { post } = await guest(harness).data(COMMENTS, { id, first: 1 });
    expect(post.comments).toMatchObject({ nodes: [{ id: first.id }], pageInfo: { hasNextPage: true }, totalCount: 2 });
    const { post: rest } = await guest(harness).data(COMMENTS, { id, after: post.comments.pageInfo.endCursor });
    expect(rest.comments.nodes).toEqual([{ id: second.id, body: 'Second.', author: { id: author.caller.userId } }]);
    expect(await harness.outbox()).toContainEqual(
      expect.objectContaining({
        type: 'blog.comment.added',
        subject: first.id,
        data: { commentId: first.id, postId: id, authorId: reader.caller.userId },
      }),
    );
  });

  it('are paged without gaps or repetition, whatever is said meanwhile', async () => {
    const author = writer(harness);
    const { id } = await postOf(author);
    const say = async (body: string) => {
      harness.clock.advance(1);
      return commentOn(author, id, body);
    };
    for (const body of ['1', '2', '3']) await say(body);
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const { comments } = (await guest(harness).data(COMMENTS, { id, first: 2, after })).post;
      seen.push(...comments.nodes.map(({ body }: { body: string }) => body));
      after = comments.pageInfo.hasNextPage ? comments.pageInfo.endCursor : undefined;
      if (seen.length === 2) await say('4');
    } while (after);
    expect(seen).toEqual(['1', '2', '3', '4']);
  });

  it('need a published post', async () => {
    const author = writer(harness);
    const draft = await draftOf(author);
    const input = { postId: draft.id, body: 'Too early' };
    expect((await author.error(COMMENT, { input })).extensions.code).toBe('POST_NOT_PUBLISHED');
    expect((await writer(harness).error(COMMENT, { input })).extensions.code).toBe('POST_NOT_FOUND');
    expect((await author.error(COMMENT, { input: { ...input, postId: 'nonsense' } })).extensions.code).toBe(
      'POST_NOT_FOUND',
    );
    expect((await guest(harness).error(COMMENT, { input })).extensions.code).toBe('UNAUTHORIZED_FIELD_OR_TYPE');
  });

  it.each([[''], [' '], ['x'.repeat(5_001)]])('cannot say "%.3s"', async (body) => {
    const author = writer(harness);
    const { id } = await postOf(author);
    const error = await author.error(COMMENT, { input: { postId: id, body } });
    expect(error.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: { 'input.body': expect.any(String) } });
  });

  it('are deleted by their author or a moderator, and by nobody else', async () => {
    const [author, commenter, judge] = [writer(harness), writer(harness), moderator(harness)];
    const { id: postId } = await postOf(author);
    const [one, two] = [await commentOn(commenter, postId), await commentOn(commenter, postId)];

    expect((await author.error(DELETE_COMMENT, { id: one.id })).extensions.code).toBe('COMMENT_NOT_FOUND');
    expect((await commenter.error(DELETE_COMMENT, { id: 'nonsense' })).extensions.code).toBe('COMMENT_NOT_FOUND');
    expect(await commenter.data(DELETE_COMMENT, { id: one.id })).toEqual({ deleteComment: true });
    expect(await judge.data(DELETE_COMMENT, { id: two.id })).toEqual({ deleteComment: true });
    const deleted = (await harness.outbox()).filter(({ type }) => type === 'blog.comment.deleted');
    expect(deleted.map(({ subject, actor, data }) => ({ subject, actor, author: data.authorId }))).toEqual([
      { subject: one.id, actor: commenter.caller.userId, author: commenter.caller.userId },
      { subject: two.id, actor: judge.caller.userId, author: commenter.caller.userId },
    ]);
  });

  it('are seen, and go, with their post', async () => {
    const author = writer(harness);
    const { id } = await postOf(author);
    const comment = await commentOn(author, id);
    const representations = [
      { __typename: 'Comment', id: comment.id },
      { __typename: 'Comment', id: 'nonsense' },
    ];

    const { _entities } = await guest(harness).data(ENTITY, { representations });
    expect(_entities).toEqual([{ id: comment.id, body: comment.body, post: { id } }, null]);
    await author.data(ARCHIVE, { id });
    expect((await guest(harness).data(ENTITY, { representations }))._entities).toEqual([null, null]);
    expect((await author.data(ENTITY, { representations }))._entities[0].id).toBe(comment.id);
    await author.data(DELETE, { id });
    expect((await author.data(ENTITY, { representations }))._entities).toEqual([null, null]);
  });
});
