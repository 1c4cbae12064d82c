import type { BlobLink, BlobStore, StoredBlob, UploadLink } from '@platform/blobs';
import type { Clock } from '@platform/foundation/clock';
import type { ErrorBus } from '@platform/foundation/errors';
import {
  CoverImageNotFound,
  CoverImageUnreadable,
  coverTypeOf,
  isImage,
  MAGIC_BYTES,
  newCoverFile,
} from '../entities/index.js';
import { ABANDONED_AFTER } from './cover-quota.js';

/** The files of cover images. */
export class CoverImages {
  constructor(
    private readonly blobs: BlobStore,
    private readonly clock: Clock,
    private readonly errors: ErrorBus,
  ) {}

  presignUpload(postId: string, content: { type: string; size: number }): UploadLink & { readonly file: string } {
    const file = newCoverFile(content.type);
    return { file, ...this.blobs.presignUpload(keyOf(postId, file), content) };
  }

  link(postId: string, file: string): BlobLink & { readonly type: string } {
    const type = coverTypeOf(file) as string;
    return { type, ...this.blobs.presignDownload(keyOf(postId, file), type) };
  }

  /** The size of the image that was sent for the post, in bytes. @throws CoverImageNotFound, CoverImageUnreadable */
  async sent(postId: string, file: string): Promise<number> {
    const type = coverTypeOf(file);
    const blob = type && (await this.blobs.find(keyOf(postId, file)));
    if (!blob) throw new CoverImageNotFound();
    const head = await this.blobs.readHead(blob.key, MAGIC_BYTES);
    if (!head || !isImage(type, head)) throw new CoverImageUnreadable(type);
    return blob.size;
  }

  /** Throws away the file that a post had before, and what was abandoned beside the one that it has. */
  replaced(postId: string, before: string | null, now: string | null): Promise<void> {
    const abandoned = this.clock.now().getTime() - ABANDONED_AFTER;
    const [unneeded, needed] = [before, now].map((file) => file && keyOf(postId, file));
    return this.discard(
      postId,
      ({ key, storedAt }) => key !== needed && (key === unneeded || storedAt.getTime() < abandoned),
    );
  }

  /** Throws away files that were sent, or not, and became nobody's. */
  async abandoned(files: readonly { readonly postId: string; readonly file: string }[]): Promise<void> {
    try {
      await Promise.all(files.map(({ postId, file }) => this.blobs.delete(keyOf(postId, file))));
    } catch (error) {
      this.errors.publish(error);
    }
  }

  /** Throws away every file of a post. */
  gone(postId: string): Promise<void> {
    return this.discard(postId, () => true);
  }

  /** The change that made them useless stands: a failure is told to whoever runs this, not to the caller. */
  private async discard(postId: string, isUseless: (blob: StoredBlob) => boolean): Promise<void> {
    try {
      const blobs = await this.blobs.list(folderOf(postId));
      await Promise.all(blobs.filter(isUseless).map(({ key }) => this.blobs.delete(key)));
    } catch (error) {
      this.errors.publish(error);
    }
  }
}

const folderOf = (postId: string): string => `blog/cover-image/${postId}`;
const keyOf = (postId: string, file: string): string => `${folderOf(postId)}/${file}`;
