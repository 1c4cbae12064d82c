import { randomUUID } from 'node:crypto';
import { userCaller } from '@platform/auth';
import type { Harness } from './tables.js';

export const BLOG_PERMISSIONS = [
  ...['read', 'create', 'update', 'delete', 'publish', 'moderate'].map((verb) => `blog.post.${verb}`),
  'blog.comment.create',
  'blog.comment.moderate',
];

/** What one tenant has in blog. */
export interface BlogRows {
  readonly postId: string;
  readonly draftId: string;
  readonly commentId: string;
  readonly authorId: string;
  readonly cursor: string;
}

/** Somebody of the tenant who may do everything. */
export const bloggerOf = (harness: Harness, tenantId: string, userId: string = randomUUID()) =>
  harness.as(userCaller(userId, null, tenantId, BLOG_PERMISSIONS), { 'idempotency-key': randomUUID() });

/** A published post under the slug `shared`, a draft, a comment, an upload, and what goes with them: rows in every table of blog. */
export async function blogRowsOf(harness: Harness, tenantId: string, word: string): Promise<BlogRows> {
  const authorId = randomUUID();
  const author = () => bloggerOf(harness, tenantId, authorId);
  const input = (slug: string) => ({
    title: `About ${word}`,
    content: `${word} everywhere.`,
    tags: [word, 'shared'],
    slug,
  });
  const create = `mutation ($input: CreatePostInput!) { createPost(input: $input) { id } }`;
  const { createPost: post } = await author().data(create, { input: input('shared') });
  await author().data('mutation ($id: ID!) { publishPost(id: $id) { id } }', { id: post.id });
  const { createPost: draft } = await author().data(create, { input: input('draft') });
  const { addComment: comment } = await author().data(
    'mutation ($input: AddCommentInput!) { addComment(input: $input) { id } }',
    { input: { postId: post.id, body: `${word}!` } },
  );
  await author().data(
    `mutation ($id: ID!) { uploadCoverImage(postId: $id, input: { contentType: "image/png", size: 10 }) { id } }`,
    { id: post.id },
  );
  await harness.sql(
    `INSERT INTO dead_letter (event_id, tenant_id, handler, envelope, reason) VALUES (gen_random_uuid(), $1, 'test', '{}', 'none')`,
    [tenantId],
  );
  const { posts } = await author().data('{ posts(first: 1) { pageInfo { endCursor } } }');
  return { postId: post.id, draftId: draft.id, commentId: comment.id, authorId, cursor: posts.pageInfo.endCursor };
}
