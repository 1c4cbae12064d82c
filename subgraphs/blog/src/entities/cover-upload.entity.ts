import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A link that was given out to send a cover image to. The row goes when the image is made the post's, or when it was not for too long. */
@Entity('cover_upload')
@Index('cover_upload_uploader', ['uploaderId'])
@Check('cover_upload_texts', 'char_length(file) <= 100')
export class CoverUpload {
  /** Also of a post that is gone: the link is still good. */
  @PrimaryColumn('uuid', { name: 'post_id', primaryKeyConstraintName: 'cover_upload_pkey' })
  postId!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'cover_upload_pkey' })
  file!: string;

  @Column({ type: 'uuid', name: 'tenant_id', default: () => 'current_tenant()' })
  tenantId!: string;

  /** Null once their account is gone. */
  @Column({ type: 'uuid', name: 'uploader_id', nullable: true })
  uploaderId!: string | null;

  /** In bytes, as promised. */
  @Column({ type: 'integer' })
  size!: number;

  @Column({ type: 'timestamptz', name: 'requested_at', precision: 3 })
  requestedAt!: Date;
}
