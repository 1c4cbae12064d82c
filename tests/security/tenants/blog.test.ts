import { randomUUID } from 'node:crypto';
import { blog } from '@platform/blog';
import { userDeleted } from '@platform/contracts';
import { useSubgraph } from '@platform/testkit';
import { type BlogRows, bloggerOf, blogRowsOf } from './rows-of-blog.js';

const OTHER = '01900000-0000-7000-8000-00000000000b';
const ENTITIES = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
  ... on Post { id title } ... on Comment { id body } ... on Tag { name postCount }
  ... on User { id posts { nodes { id } totalCount } }
} }`;

describe('blog, asked by somebody who may do everything in another tenant', () => {
  const harness = useSubgraph(blog);
  let own: BlogRows;
  let foreign: BlogRows;

  beforeAll(async () => {
    own = await blogRowsOf(harness, harness.tenantId, 'ants');
    foreign = await blogRowsOf(harness, OTHER, 'bees');
  });

  const intruder = () => bloggerOf(harness, harness.tenantId);
  const entities = async (...representations: Record<string, string>[]) =>
    (await intruder().data(ENTITIES, { representations }))._entities;
  const idsIn = async (filter: Record<string, unknown> = {}) => {
    const { posts } = await intruder().data(
      'query ($filter: PostFilter) { posts(filter: $filter) { nodes { id } edges { cursor } totalCount } }',
      { filter },
    );
    return { ids: posts.nodes.map(({ id }: { id: string }) => id), totalCount: posts.totalCount };
  };

  it('knows nothing of a post by its id, nor of a draft, nor of an id that there is not', async () => {
    for (const id of [foreign.postId, foreign.draftId, randomUUID()])
      expect(await intruder().data('query ($id: ID!) { post(id: $id) { id } }', { id })).toEqual({ post: null });
  });

  it('gives the own post for a slug that both have', async () => {
    const { postBySlug } = await intruder().data('{ postBySlug(slug: "shared") { id } }');
    expect(postBySlug.id).toBe(own.postId);
  });

  it('resolves no foreign post, comment, tag or posts of an author as an entity', async () => {
    const author = { __typename: 'User', id: foreign.authorId };
    expect(
      await entities(
        { __typename: 'Post', id: foreign.postId },
        { __typename: 'Post', id: foreign.draftId },
        { __typename: 'Comment', id: foreign.commentId },
        { __typename: 'Tag', name: 'bees' },
        author,
      ),
    ).toEqual([null, null, null, null, { id: foreign.authorId, posts: { nodes: [], totalCount: 0 } }]);
    expect(await entities({ __typename: 'Tag', name: 'shared' })).toEqual([{ name: 'shared', postCount: 1 }]);
  });

  it.each([
    ['everything', {}],
    ['drafts', { status: 'DRAFT' }],
    ['a tag that both have', { tag: 'shared' }],
    ['a word that both have', { search: 'everywhere' }],
    ['a word and a tag that both have', { search: 'everywhere', tag: 'shared' }],
  ])('lists and counts its own alone: %s', async (_, filter) => {
    const expected = 'status' in filter ? own.draftId : own.postId;
    expect(await idsIn(filter)).toEqual({ ids: [expected], totalCount: 1 });
  });

  it.each([
    ['a foreign author', () => ({ authorId: foreign.authorId })],
    ['a foreign tag', () => ({ tag: 'bees' })],
    ['a foreign word', () => ({ search: 'bees' })],
    ['a foreign author’s drafts', () => ({ authorId: foreign.authorId, status: 'DRAFT' })],
  ])('lists and counts nothing: %s', async (_, filter) => {
    expect(await idsIn(filter())).toEqual({ ids: [], totalCount: 0 });
  });

  it('lists its own tags, and counts its own posts under them', async () => {
    const { tags } = await intruder().data('{ tags { name postCount } }');
    expect(tags.toSorted((a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name))).toEqual([
      { name: 'ants', postCount: 1 },
      { name: 'shared', postCount: 1 },
    ]);
  });

  it('leads by a foreign cursor to its own posts alone', async () => {
    for (const way of ['first: 10, after', 'last: 10, before']) {
      const { posts } = await intruder().data(
        `query ($cursor: String) { posts(${way}: $cursor) { nodes { id } totalCount } }`,
        {
          cursor: foreign.cursor,
        },
      );
      expect(posts.totalCount).toBe(1);
      expect([[], [{ id: own.postId }]]).toContainEqual(posts.nodes);
    }
  });

  it.each([
    ['updatePost', 'mutation ($id: ID!) { updatePost(id: $id, input: { title: "Mine", version: 2 }) { id } }'],
    ['publishPost', 'mutation ($id: ID!) { publishPost(id: $id) { id } }'],
    ['archivePost', 'mutation ($id: ID!) { archivePost(id: $id) { id } }'],
    ['deletePost', 'mutation ($id: ID!) { deletePost(id: $id) }'],
    ['addComment', 'mutation ($id: ID!) { addComment(input: { postId: $id, body: "x" }) { id } }'],
    ['removeCoverImage', 'mutation ($id: ID!) { removeCoverImage(postId: $id) { id } }'],
    ['setCoverImage', 'mutation ($id: ID!) { setCoverImage(postId: $id, uploadId: "x.png") { id } }'],
    [
      'uploadCoverImage',
      'mutation ($id: ID!) { uploadCoverImage(postId: $id, input: { contentType: "image/png", size: 9 }) { id } }',
    ],
  ])('answers %s of a foreign post as of one that there is not', async (_, mutation) => {
    const [known, unknown] = [
      await intruder().error(mutation, { id: foreign.postId }),
      await intruder().error(mutation, { id: randomUUID() }),
    ];
    expect(known.extensions.code).toBe('POST_NOT_FOUND');
    expect(known).toEqual(unknown);
  });

  it('deletes no foreign comment', async () => {
    const error = await intruder().error('mutation ($id: ID!) { deleteComment(id: $id) }', { id: foreign.commentId });
    expect(error.extensions.code).toBe('COMMENT_NOT_FOUND');
  });

  it('gives both the slug that both want', async () => {
    const create =
      'mutation ($slug: String) { createPost(input: { title: "Twin", content: "x", slug: $slug }) { slug } }';
    for (const tenantId of [harness.tenantId, OTHER]) {
      const author = () => bloggerOf(harness, tenantId);
      expect((await author().data(create, { slug: 'chosen' })).createPost.slug).toBe('chosen');
      expect((await author().data(create)).createPost.slug).toBe('twin');
      expect((await author().data(create)).createPost.slug).toBe('twin-2');
      expect((await author().error(create, { slug: 'chosen' })).extensions.code).toBe('CONFLICT');
    }
  });

  it('does not repeat what was done in another tenant under the same idempotency key', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const create = 'mutation { createPost(input: { title: "Keyed", content: "x" }) { id } }';
    const { caller } = bloggerOf(harness, OTHER);
    const [first, second] = [
      await harness.as(caller, key).data(create),
      await harness.as({ ...caller, tenantId: harness.tenantId }, key).data(create),
    ];
    expect(first.createPost.id).not.toBe(second.createPost.id);
  });

  it('takes a user who is gone off their posts in every tenant', async () => {
    const userId = randomUUID();
    const create = 'mutation { createPost(input: { title: "By the same", content: "x" }) { id } }';
    const publish = 'mutation ($id: ID!) { publishPost(id: $id) { id } }';
    for (const tenantId of [harness.tenantId, OTHER]) {
      const { createPost } = await bloggerOf(harness, tenantId, userId).data(create);
      await bloggerOf(harness, tenantId, userId).data(publish, { id: createPost.id });
    }
    await harness.deliver(userDeleted, { subject: userId, data: { userId } as never });
    const left = await harness.sql(`SELECT author_id FROM post WHERE title = 'By the same'`);
    expect(left).toEqual([{ author_id: null }, { author_id: null }]);
    expect(await harness.sql('SELECT FROM outbox WHERE strpos(envelope::text, $1) > 0', ['By the same'])).toEqual([]);
  });

  it('has told of nothing by an error that it did not mean', () => {
    expect(harness.unexpected).toEqual([]);
  });
});
