import { randomUUID } from 'node:crypto';
import type { SubgraphClient, SubgraphHarness } from '@platform/testkit';
import { COMMENT, CREATE, PUBLISH } from './operations.js';

type Blog = Pick<SubgraphHarness<never>, 'asUser' | 'asAnonymous'>;

const GUEST = ['blog.post.read'];
const USER = [
  ...GUEST,
  'blog.post.create',
  'blog.post.update',
  'blog.post.delete',
  'blog.post.publish',
  'blog.comment.create',
];
const MODERATOR = [...GUEST, 'blog.post.moderate', 'blog.comment.moderate'];

/** Somebody new with the permissions of the role `user`. */
export const writer = (blog: Blog): SubgraphClient => blog.asUser(randomUUID(), USER);

/** Somebody new who may moderate, and nothing more. */
export const moderator = (blog: Blog): SubgraphClient => blog.asUser(randomUUID(), MODERATOR);

/** Nobody in particular, with the permissions of the role `guest`. */
export const guest = (blog: Blog): SubgraphClient => blog.asAnonymous(GUEST);

/** A draft of the author. */
export async function draftOf(author: SubgraphClient, input: Record<string, unknown> = {}) {
  const { createPost } = await author.data(CREATE, { input: { title: 'A title', content: 'Some content.', ...input } });
  return createPost;
}

/** A published post of the author. */
export async function postOf(author: SubgraphClient, input: Record<string, unknown> = {}) {
  const { id } = await draftOf(author, input);
  const { publishPost } = await author.data(PUBLISH, { id });
  return publishPost;
}

/** What somebody says to a post. */
export async function commentOn(author: SubgraphClient, postId: string, body = 'Well said.') {
  const { addComment } = await author.data(COMMENT, { input: { postId, body } });
  return addComment;
}
