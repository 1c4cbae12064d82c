import { postPublished } from '@platform/contracts';
import type { Caller } from '@platform/kernel/auth';
import type { Database } from '@platform/kernel/database';
import type { LiveEvents } from '@platform/kernel/events';
import { checkedArgument } from '@platform/kernel/graphql';
import { flatMap } from '@platform/kernel/streams';
import { tag as aTag, readCondition } from '@platform/kernel/text';
import { type Post, PostStatus } from '../entities/index.js';
import { readablePosts } from './readable-posts.js';

/** Posts as they are published, with a tag if one is given. One that has been taken back meanwhile is not told. */
export const publishedPosts =
  (database: Database, live: LiveEvents, reader: Caller) =>
  (tag: string | null): AsyncIterableIterator<Post> => {
    const read = readablePosts(database, reader, 'id', 'whole');
    const wanted = checkedArgument('tag', () => readCondition(aTag, tag));
    return flatMap(live.of(postPublished).inBatches(), async (events) => {
      const told = events.filter(
        ({ tenantid, data }) => tenantid === reader.tenantId && (wanted === undefined || data.tags.includes(wanted)),
      );
      if (told.length === 0) return [];
      const posts = Map.groupBy(await read(told.map(({ data }) => data.postId)), ({ id }) => id);
      return told
        .flatMap(({ data }) => posts.get(data.postId) ?? [])
        .filter(({ status }) => status === PostStatus.PUBLISHED);
    });
  };
