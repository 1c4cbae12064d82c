import { commentAdded } from '@platform/contracts';
import type { Caller } from '@platform/kernel/auth';
import type { Database } from '@platform/kernel/database';
import type { LiveEvents } from '@platform/kernel/events';
import { filterMap } from '@platform/kernel/streams';
import type { Comment } from '../entities/index.js';
import { readableComments } from './readable-comments.js';

/** Comments on a post as they are added, as long as the reader may read the post. */
export const addedComments =
  (database: Database, live: LiveEvents, reader: Caller) =>
  (postId: string): AsyncIterableIterator<Comment> => {
    const read = readableComments(database, reader);
    return filterMap(live.of(commentAdded), async ({ tenantid, data }) => {
      if (tenantid !== reader.tenantId || data.postId !== postId.toLowerCase()) return undefined;
      const [comment] = await read([data.commentId]);
      return comment;
    });
  };
