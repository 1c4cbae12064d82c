import type { Caller } from '@platform/auth';
import { commentAdded } from '@platform/contracts';
import type { EventStreams } from '@platform/events';
import { flatMap } from '@platform/foundation/streams';
import type { Database } from '@platform/postgres/database';
import type { Comment } from '../entities/index.js';
import { readableComments } from './readable-comments.js';

/** Comments on a post as they are added, as long as the reader may read the post. */
export const addedComments =
  (database: Database, live: EventStreams, reader: Caller) =>
  (postId: string): AsyncIterableIterator<Comment> => {
    const read = readableComments(database, reader);
    return flatMap(live.of(commentAdded).inBatches(), async (events) => {
      const told = events.filter(
        ({ tenantid, data }) => tenantid === reader.tenantId && data.postId === postId.toLowerCase(),
      );
      if (told.length === 0) return [];
      const comments = Map.groupBy(await read(told.map(({ data }) => data.commentId)), ({ id }) => id);
      return told.flatMap(({ data }) => comments.get(data.commentId) ?? []);
    });
  };
