import type { Caller } from '@platform/auth';
import type { UploadLink } from '@platform/blobs';
import { coverImageRequested, postUpdated } from '@platform/contracts';
import type { Clock } from '@platform/foundation/clock';
import type { Outbox } from '@platform/outbox';
import { afterCommit, type Database, unlessDeleted, updateLocked } from '@platform/postgres/database';
import { checkedInput } from '@platform/subgraph-server/graphql';
import { type EntityManager, IsNull, Not } from 'typeorm';
import { authorIdOf, CoverUpload, Post } from '../entities/index.js';
import { coverImage } from './cover-image.input.js';
import type { CoverImages } from './cover-images.js';
import type { CoverQuota } from './cover-quota.js';
import { findPostForUpdate } from './find-post-for-update.js';
import { about } from './post.service.js';

/** The cover image of a post: first a link is asked for, to which the image is sent beside GraphQL; then it is made the post's. */
export class CoverImageService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly covers: CoverImages,
    private readonly quota: CoverQuota,
  ) {}

  /** @throws BadUserInput, PostNotFound, CoverQuotaExceeded. */
  request(editor: Caller, postId: string, input: unknown): Promise<UploadLink & { readonly file: string }> {
    const { contentType, size } = checkedInput(coverImage, input);
    return this.database.transaction(async (tx) => {
      const uploaderId = await unlessDeleted(tx, authorIdOf(editor));
      const post = await findPostForUpdate(tx, editor, postId);
      const link = this.covers.presignUpload(post.id, { type: contentType, size });
      const abandoned = await this.quota.reserve(tx, { postId: post.id, file: link.file, uploaderId, size });
      const { subject, data } = about(post);
      await this.outbox.add(tx, coverImageRequested, { subject, data: { ...data, contentType, size } });
      afterCommit(tx, () => this.covers.replaced(post.id, null, post.coverFile));
      afterCommit(tx, () => this.covers.abandoned(abandoned));
      return link;
    });
  }

  /** The image that the post had before is gone. @throws PostNotFound, CoverImageNotFound, CoverImageUnreadable. */
  set(editor: Caller, postId: string, file: string): Promise<Post> {
    return this.database.transaction(async (tx) => {
      const post = await findPostForUpdate(tx, editor, postId);
      if (post.coverFile === file) return post;
      const size = await this.covers.sent(post.id, file);
      await this.quota.settle(tx, post.id, file);
      return this.change(tx, post, file, size);
    });
  }

  /** A post without one stays as it is, and nothing is announced. @throws PostNotFound. */
  remove(editor: Caller, postId: string): Promise<Post> {
    return this.database.transaction(async (tx) => {
      const post = await findPostForUpdate(tx, editor, postId);
      return post.coverFile === null ? post : this.change(tx, post, null, null);
    });
  }

  /** Deletes every file of the acting tenant. */
  async eraseAll(tx: EntityManager): Promise<void> {
    const covered = await tx.find(Post, { select: { id: true }, where: { coverFile: Not(IsNull()) } });
    const uploads = await tx.find(CoverUpload, { select: { postId: true } });
    const postIds = new Set([...covered.map(({ id }) => id), ...uploads.map(({ postId }) => postId)]);
    for (const postId of postIds) await this.covers.gone(postId);
  }

  private async change(tx: EntityManager, post: Post, file: string | null, size: number | null): Promise<Post> {
    const before = post.coverFile;
    await updateLocked(tx, post, () => post.cover(file, size, this.clock.now()));
    await this.outbox.add(tx, postUpdated, about(post));
    afterCommit(tx, () => this.covers.replaced(post.id, before, file));
    return post;
  }
}
