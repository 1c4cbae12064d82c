import type { Caller } from '@platform/auth';
import type { EventStreams } from '@platform/events';
import type { Database } from '@platform/postgres/database';
import { PageLoader, rowLoader, type SubgraphContext, valueLoader } from '@platform/subgraph-server/graphql';
import { Comment, NEWEST_FIRST, OLDEST_FIRST, ofEachPart, Post, PostStatus, withContent } from '../entities/index.js';
import { addedComments } from './added-comments.js';
import { postCounts } from './post-counts.js';
import { publishedPosts } from './published-posts.js';
import { readableComments } from './readable-comments.js';
import { readablePosts } from './readable-posts.js';

/** The batched reads of one request, whatever a list of posts asks for being read once for the whole list, and the streams it may begin. */
export const blogLoaders = (database: Database, live: EventStreams) => (reader: Caller) => ({
  postById: ofEachPart((part) => rowLoader(readablePosts(database, reader, 'id', part), ({ id }) => id)),
  postBySlug: ofEachPart((part) => rowLoader(readablePosts(database, reader, 'slug', part), ({ slug }) => slug)),
  commentById: rowLoader(readableComments(database, reader), ({ id }) => id),
  publishedPosts: publishedPosts(database, live, reader),
  addedComments: addedComments(database, live, reader),
  postCountByTag: valueLoader(postCounts(database, reader), 0),
  commentsByPost: new PageLoader({
    query: () => database.read.createQueryBuilder(Comment, 'comment'),
    parent: 'postId',
    order: OLDEST_FIRST,
  }),
  publishedPostsByAuthor: ofEachPart(
    (part) =>
      new PageLoader({
        query: () =>
          withContent(database.read.createQueryBuilder(Post, 'post').where({ status: PostStatus.PUBLISHED }), part),
        parent: 'authorId',
        order: NEWEST_FIRST,
      }),
  ),
});

export type BlogLoaders = ReturnType<ReturnType<typeof blogLoaders>>;
export type BlogContext = SubgraphContext<BlogLoaders>;
