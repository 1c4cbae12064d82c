import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** A user whom authz knows, in whichever tenants. The row is the mark that the default role was given once: it is never given again. */
@Entity('subjects')
@Check('subjects_account_status_check', `account_status IN ('ACTIVE', 'LOCKED')`)
export class Subject {
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'subjects_pkey' })
  userId!: string;

  /** From when accounts were a tenant's. Nothing reads it. */
  @Column('uuid', { name: 'tenant_id', default: '00000000-0000-7000-8000-000000000001' })
  readonly tenantId!: string;

  /** Set when the user is gone: such a user holds nothing, for good. */
  @Column({ type: 'timestamptz', name: 'deleted_at', precision: 3, nullable: true })
  deletedAt!: Date | null;

  /** As identity said last; null until it has been asked. */
  @Column({ type: 'text', name: 'account_status', nullable: true })
  accountStatus!: 'ACTIVE' | 'LOCKED' | null;
}
