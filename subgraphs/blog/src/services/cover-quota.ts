import type { Clock } from '@platform/foundation/clock';
import type { EntityManager } from 'typeorm';
import { CoverQuotaExceeded, CoverUpload } from '../entities/index.js';

/** How long what was sent counts that was not made anybody's cover image, in ms. Then it is thrown away. */
export const ABANDONED_AFTER = 24 * 60 * 60 * 1_000;

/** Bounds what covers take of the disk: of each user the images of their posts, and what the links may bring that they were given. */
export class CoverQuota {
  constructor(
    private readonly clock: Clock,
    /** In bytes. */
    private readonly quota: number,
  ) {}

  /** Counts a file that is to be sent. Answers the ones that nobody used, whose places are free again. @throws CoverQuotaExceeded */
  async reserve(tx: EntityManager, upload: Omit<CoverUpload, 'requestedAt' | 'tenantId'>): Promise<CoverUpload[]> {
    const { uploaderId, size } = upload;
    await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`blog.cover-quota:${uploaderId}`]);
    const now = this.clock.now();
    const abandoned = await this.abandoned(tx, uploaderId, new Date(now.getTime() - ABANDONED_AFTER));
    const [{ used }]: [{ used: string }] = await tx.query(
      `SELECT coalesce((SELECT sum(size) FROM cover_upload WHERE uploader_id = $1), 0)
            + coalesce((SELECT sum(cover_size) FROM post WHERE author_id = $1), 0) AS used`,
      [uploaderId],
    );
    if (Number(used) + size > this.quota) throw new CoverQuotaExceeded(this.quota);
    await tx.insert(CoverUpload, { ...upload, requestedAt: now });
    return abandoned;
  }

  /** The file is the post's now, and counts as that. */
  async settle(tx: EntityManager, postId: string, file: string): Promise<void> {
    await tx.delete(CoverUpload, { postId, file });
  }

  private async abandoned(tx: EntityManager, uploaderId: string | null, before: Date): Promise<CoverUpload[]> {
    const [rows] = await tx.query(
      `DELETE FROM cover_upload WHERE uploader_id = $1 AND requested_at < $2 RETURNING post_id AS "postId", file`,
      [uploaderId, before],
    );
    return rows;
  }
}
