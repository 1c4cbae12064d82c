import type { ListOrder } from '@platform/kernel/graphql';
import type { Comment } from './comment.entity.js';
import type { Post } from './post.entity.js';

/** How posts are listed, over the alias `post`: by publication, or else creation. */
export const NEWEST_FIRST: ListOrder<Post> = {
  columns: ['post.listedAt', 'post.id'],
  direction: 'DESC',
  valuesOf: ({ listedAt, id }) => [listedAt, id],
};

/** How a post's comments are listed, over the alias `comment`: as the conversation went. */
export const OLDEST_FIRST: ListOrder<Comment> = {
  columns: ['comment.createdAt', 'comment.id'],
  direction: 'ASC',
  valuesOf: ({ createdAt, id }) => [createdAt, id],
};
