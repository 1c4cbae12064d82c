import type { Caller } from '@platform/kernel/auth';
import type { Database } from '@platform/kernel/database';
import type { LiveEvents } from '@platform/kernel/events';
import { PageLoader, rowLoader, type SubgraphContext, valueLoader } from '@platform/kernel/graphql';
import { Comment, NEWEST_FIRST, OLDEST_FIRST, Post, PostStatus } from '../entities/index.js';
import { addedComments } from './added-comments.js';
import { postCounts } from './post-counts.js';
import { publishedPosts } from './published-posts.js';
import { readableComments } from './readable-comments.js';
import { readablePosts } from './readable-posts.js';

/** The batched reads of one request, whatever a list of posts asks for being read once for the whole list, and the streams it may begin. */
export const blogLoaders = (database: Database, live: LiveEvents) => (reader: Caller) => ({
  postById: rowLoader(readablePosts(database, reader, 'id'), ({ id }) => id),
  postBySlug: rowLoader(readablePosts(database, reader, 'slug'), ({ slug }) => slug),
  commentById: rowLoader(readableComments(database, reader), ({ id }) => id),
  publishedPosts: publishedPosts(database, live, reader),
  addedComments: addedComments(database, live, reader),
  postCountByTag: valueLoader(postCounts(database), 0),
  commentsByPost: new PageLoader({
    query: () => database.read.createQueryBuilder(Comment, 'comment'),
    parent: 'comment.postId',
    parentOf: ({ postId }: Comment) => postId,
    order: OLDEST_FIRST,
  }),
  publishedPostsByAuthor: new PageLoader({
    query: () => database.read.createQueryBuilder(Post, 'post').where({ status: PostStatus.PUBLISHED }),
    parent: 'post.authorId',
    parentOf: ({ authorId }: Post) => authorId,
    order: NEWEST_FIRST,
  }),
});

export type BlogLoaders = ReturnType<ReturnType<typeof blogLoaders>>;
export type BlogContext = SubgraphContext<BlogLoaders>;
