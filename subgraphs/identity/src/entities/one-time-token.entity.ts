import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { instant, tenant } from './columns.js';
import { User } from './user.entity.js';

/** What a mailed link lets its reader do. */
export type TokenPurpose = 'VERIFY_EMAIL' | 'SET_PASSWORD';

/** The secret of a mailed link, known by its SHA-256 hash. The row goes when it is used. */
@Entity('one_time_tokens')
@Check('one_time_tokens_purpose_check', `purpose IN ('VERIFY_EMAIL', 'SET_PASSWORD')`)
export class OneTimeToken {
  @PrimaryColumn({ type: 'bytea', primaryKeyConstraintName: 'one_time_tokens_pkey' })
  hash!: Buffer;

  @Column(tenant)
  tenantId!: string;

  @Column({ name: 'user_id', type: 'uuid' })
  @ForeignKey(() => User, { name: 'one_time_tokens_user_id_fkey', onDelete: 'CASCADE' })
  @Index('one_time_tokens_user_id')
  userId!: string;

  @Column({ type: 'text' })
  purpose!: TokenPurpose;

  @Column(instant('expires_at'))
  expiresAt!: Date;
}
