import { randomUUID } from 'node:crypto';
import { blog } from '@platform/blog';
import { organizationErased } from '@platform/contracts';
import { useSubgraph } from '@platform/testkit';

const CREATE = 'mutation ($input: CreatePostInput!) { createPost(input: $input) { id } }';
const PUBLISH = 'mutation ($id: ID!) { publishPost(id: $id) { id } }';
const COMMENT = 'mutation ($input: AddCommentInput!) { addComment(input: $input) { id } }';
const UPLOAD = `mutation ($id: ID!) {
  uploadCoverImage(postId: $id, input: { contentType: "image/png", size: 100 }) { __typename }
}`;
const CODES = ['blog.post.create', 'blog.post.update', 'blog.post.publish', 'blog.post.read', 'blog.comment.create'];

describe('an organization that is erased', () => {
  const harness = useSubgraph(blog);
  const rowsOf = async (tenantId: string) => {
    const counts = ['post', 'comment', 'tag_count', 'cover_upload'].map(
      (table) => `(SELECT count(*)::int FROM ${table} WHERE tenant_id = $1) AS ${table}`,
    );
    return (await harness.sql(`SELECT ${counts.join(', ')}`, [tenantId]))[0];
  };

  it('takes posts, comments, tags and images along, and those of no other', async () => {
    const [gone, kept] = [randomUUID(), randomUUID()];
    for (const tenantId of [gone, kept]) {
      const author = harness.asUserOf(tenantId, randomUUID(), CODES);
      const input = { title: 'A post', content: 'x', tags: ['news'] };
      const { id } = (await author.data(CREATE, { input })).createPost;
      await author.data(PUBLISH, { id });
      await author.data(COMMENT, { input: { postId: id, body: 'Well said' } });
      await author.data(UPLOAD, { id });
    }
    const everything = { post: 1, comment: 1, tag_count: 1, cover_upload: 1 };
    expect([await rowsOf(gone), await rowsOf(kept)]).toEqual([everything, everything]);

    const event = { subject: gone, tenantid: gone, data: { organizationId: gone } };
    await harness.deliver(organizationErased, event);
    await harness.deliver(organizationErased, event);

    const [left, other] = [await rowsOf(gone), await rowsOf(kept)];
    expect(left).toMatchObject({ post: 0, comment: 0, cover_upload: 0 });
    expect(other).toEqual(everything);
  });
});
