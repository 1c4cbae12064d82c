import type { Caller } from '@platform/auth';
import { postArchived, postCreated, postDeleted, postPublished, postUpdated } from '@platform/contracts';
import type { Clock } from '@platform/foundation/clock';
import type { Outbox } from '@platform/outbox';
import { afterCommit, type Database, updateLocked } from '@platform/postgres/database';
import { checkedInput } from '@platform/subgraph-server/graphql';
import type { EntityManager } from 'typeorm';
import { Post, PostStatus, slugOf } from '../entities/index.js';
import type { CoverImages } from './cover-images.js';
import { findPostForUpdate } from './find-post-for-update.js';
import { newPost, postEdit } from './post.input.js';
import { insertUnderChosenSlug, insertUnderFreeSlug, rejectTakenSlug } from './slugs.js';

/** Every change to a post. The change and its event commit together, or not at all. */
export class PostService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly covers: CoverImages,
  ) {}

  /** @throws BadUserInput, SlugTaken. */
  async create(author: Caller, input: unknown): Promise<Post> {
    const { slug: chosen, ...content } = checkedInput(newPost, input);
    const post = Post.draft(author, { ...content, slug: chosen ?? slugOf(content.title) }, this.clock.now());
    return this.database.transaction(async (tx) => {
      await (chosen ? insertUnderChosenSlug : insertUnderFreeSlug)(tx, post);
      await this.outbox.add(tx, postCreated, about(post));
      return post;
    });
  }

  /** An edit after which all is as before is none, and nothing is announced. @throws BadUserInput, PostNotFound, StaleVersion, SlugTaken. */
  async update(editor: Caller, id: string, input: unknown): Promise<Post> {
    const { version, changes } = checkedInput(postEdit, input);
    return this.database.transaction(async (tx) => {
      const post = await findPostForUpdate(tx, editor, id);
      const different = await rejectTakenSlug(
        updateLocked(tx, post, () => post.edit(changes, version, this.clock.now())),
      );
      if (different) await this.outbox.add(tx, postUpdated, about(post));
      return post;
    });
  }

  /** A post that is published already stays as it is, and nothing is announced. @throws PostNotFound. */
  publish(editor: Caller, id: string): Promise<Post> {
    return this.database.transaction(async (tx) => {
      const post = await findPostForUpdate(tx, editor, id);
      if (post.status === PostStatus.PUBLISHED) return post;

      await updateLocked(tx, post, () => post.publish(this.clock.now()));
      const { subject, data } = about(post);
      await this.outbox.add(tx, postPublished, { subject, data: { ...data, title: post.title, tags: post.tags } });
      return post;
    });
  }

  /** A post that is archived already stays as it is, and nothing is announced. @throws PostNotFound, PostNotPublished. */
  archive(editor: Caller, id: string): Promise<Post> {
    return this.database.transaction(async (tx) => {
      const post = await findPostForUpdate(tx, editor, id);
      if (post.status === PostStatus.ARCHIVED) return post;

      await updateLocked(tx, post, () => post.archive(this.clock.now()));
      await this.outbox.add(tx, postArchived, about(post));
      return post;
    });
  }

  /** Its comments and its cover image go with it. @throws PostNotFound. */
  delete(editor: Caller, id: string): Promise<true> {
    return this.database.transaction<true>(async (tx) => {
      const post = await findPostForUpdate(tx, editor, id);
      await this.outbox.add(tx, postDeleted, about(post));
      await tx.delete(Post, { id });
      afterCommit(tx, () => this.covers.gone(post.id));
      return true;
    });
  }

  /** Takes the author's name off every post of theirs. */
  async anonymiseAuthor(tx: EntityManager, userId: string): Promise<void> {
    await tx.update(Post, { authorId: userId }, { authorId: null, version: () => 'version + 1' });
  }
}

/** What an event tells of a post. */
export const about = ({ id, authorId }: Post) => ({ subject: id, data: { postId: id, authorId } });
