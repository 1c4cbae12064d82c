import { userDeleted } from '@platform/contracts';
import { type EventHandler, onEvent } from '@platform/outbox';
import { rememberDeletedUser } from '@platform/postgres/database';
import type { CommentService, PostService } from '../services/index.js';

/** A user is gone: their posts and comments stay, their name does not, and they are remembered for what is still on its way. A redelivered event never gets here (inbox). */
export const anonymiseAuthorWhenUserDeleted = (posts: PostService, comments: CommentService): EventHandler =>
  onEvent(
    'blog.anonymise-author',
    userDeleted,
    async ({ data }, tx) => {
      await rememberDeletedUser(tx, data.userId);
      await posts.anonymiseAuthor(tx, data.userId);
      await comments.anonymiseAuthor(tx, data.userId);
    },
    { acrossTenants: true },
  );
