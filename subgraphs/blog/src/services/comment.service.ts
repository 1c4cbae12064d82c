import type { Caller } from '@platform/auth';
import { commentAdded, commentDeleted } from '@platform/contracts';
import type { Clock } from '@platform/foundation/clock';
import type { Outbox } from '@platform/outbox';
import { type Database, unlessDeleted } from '@platform/postgres/database';
import { checkedInput } from '@platform/subgraph-server/graphql';
import type { EntityManager } from 'typeorm';
import { validate as isUuid } from 'uuid';
import {
  authorIdOf,
  Comment,
  CommentNotFound,
  deletableBy,
  Post,
  PostNotFound,
  PostNotPublished,
  PostStatus,
  readableBy,
} from '../entities/index.js';
import { newComment } from './comment.input.js';

/** Every change to a comment. The change and its event commit together, or not at all. */
export class CommentService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** @throws BadUserInput, PostNotFound, PostNotPublished. */
  async add(author: Caller, input: unknown): Promise<Comment> {
    const { postId, body } = checkedInput(newComment, input);
    return this.database.transaction(async (tx) => {
      const authorId = await unlessDeleted(tx, authorIdOf(author));
      const post = await readablePost(tx, author, postId);
      if (post.status !== PostStatus.PUBLISHED) throw new PostNotPublished();

      const comment = Comment.on(post, authorId, body, this.clock.now());
      await tx.insert(Comment, comment);
      await this.outbox.add(tx, commentAdded, about(comment));
      return comment;
    });
  }

  /** @throws CommentNotFound. */
  delete(caller: Caller, id: string): Promise<true> {
    return this.database.transaction<true>(async (tx) => {
      const where = { id, ...deletableBy(caller) };
      const comment = isUuid(id) ? await tx.findOne(Comment, { where, lock: { mode: 'pessimistic_write' } }) : null;
      if (!comment) throw new CommentNotFound();

      await this.outbox.add(tx, commentDeleted, about(comment));
      await tx.delete(Comment, { id });
      return true;
    });
  }

  /** Takes the author's name off every comment of theirs. */
  async anonymiseAuthor(tx: EntityManager, userId: string): Promise<void> {
    await tx.update(Comment, { authorId: userId }, { authorId: null });
  }
}

/** Held against changes until the comment is committed: nobody comments on a post that is being archived. */
async function readablePost(tx: EntityManager, reader: Caller, id: string): Promise<Post> {
  const where = readableBy(reader).map((readable) => ({ id, ...readable }));
  const post = isUuid(id) ? await tx.findOne(Post, { where, lock: { mode: 'pessimistic_read' } }) : null;
  if (!post) throw new PostNotFound();
  return post;
}

const about = ({ id, postId, authorId }: Comment) => ({ subject: id, data: { commentId: id, postId, authorId } });
