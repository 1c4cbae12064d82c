import { defineEvent } from '@platform/events';
import { z } from 'zod';

const post = z.object({ postId: z.uuid(), authorId: z.uuid().nullable() });
const comment = z.object({ commentId: z.uuid(), postId: z.uuid(), authorId: z.uuid().nullable() });

/** A draft was written. */
export const postCreated = defineEvent({ type: 'blog.post.created', resource: 'post', data: post });

/** A post was edited. */
export const postUpdated = defineEvent({ type: 'blog.post.updated', resource: 'post', data: post });

/** A post can be read by everyone now. */
export const postPublished = defineEvent({
  type: 'blog.post.published',
  resource: 'post',
  data: post.extend({ title: z.string(), tags: z.array(z.string()) }),
  personal: { members: ['title'], of: 'authorId' },
});

/** A post was taken out of sight. */
export const postArchived = defineEvent({ type: 'blog.post.archived', resource: 'post', data: post });

/** A post is gone, with its comments. */
export const postDeleted = defineEvent({ type: 'blog.post.deleted', resource: 'post', data: post });

/** Somebody was given a link to send a cover image to; the post has it, or not, once it was updated. */
export const coverImageRequested = defineEvent({
  type: 'blog.post.cover_requested',
  resource: 'post',
  data: post.extend({ contentType: z.string(), size: z.int() }),
});

/** Somebody commented on a post. */
export const commentAdded = defineEvent({ type: 'blog.comment.added', resource: 'comment', data: comment });

/** A comment is gone. */
export const commentDeleted = defineEvent({ type: 'blog.comment.deleted', resource: 'comment', data: comment });
