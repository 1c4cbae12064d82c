import type { Caller } from '@platform/auth';
import { postPublished } from '@platform/contracts';
import type { EventStreams } from '@platform/events';
import { flatMap } from '@platform/foundation/streams';
import { tag as aTag, readCondition } from '@platform/foundation/text';
import type { Database } from '@platform/postgres/database';
import { checkedArgument } from '@platform/subgraph-server/graphql';
import { type Post, PostStatus } from '../entities/index.js';
import { readablePosts } from './readable-posts.js';

/** Posts as they are published, with a tag if one is given. One that has been taken back meanwhile is not told. */
export const publishedPosts =
  (database: Database, live: EventStreams, reader: Caller) =>
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
