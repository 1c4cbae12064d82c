import { postPublished } from '@platform/contracts';
import type { Caller } from '@platform/kernel/auth';
import type { Database } from '@platform/kernel/database';
import type { LiveEvents } from '@platform/kernel/events';
import { filterMap } from '@platform/kernel/streams';
import { type Post, PostStatus, tagName } from '../entities/index.js';
import { readablePosts } from './readable-posts.js';

/** Posts as they are published, with a tag if one is given. One that has been taken back meanwhile is not told. */
export const publishedPosts =
  (database: Database, live: LiveEvents, reader: Caller) =>
  (tag: string | null): AsyncIterableIterator<Post> => {
    const read = readablePosts(database, reader, 'id');
    return filterMap(live.of(postPublished), async ({ tenantid, data: { postId, tags } }) => {
      if (tenantid !== reader.tenantId || (tag !== null && !tags.includes(tagName(tag)))) return undefined;
      const [post] = await read([postId]);
      return post?.status === PostStatus.PUBLISHED ? post : undefined;
    });
  };
