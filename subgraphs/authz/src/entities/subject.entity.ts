import { Column, Entity, PrimaryColumn } from 'typeorm';
import { TenantOwned } from './tenant-owned.js';

/** A user whom authz knows. The row is the mark that the default role was given once: it is never given again. */
@Entity('subjects')
export class Subject extends TenantOwned {
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'subjects_pkey' })
  userId!: string;

  /** Set when the user is gone: such a user holds nothing, for good. */
  @Column({ type: 'timestamptz', name: 'deleted_at', precision: 3, nullable: true })
  deletedAt!: Date | null;
}
