import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { instant, tenant } from './columns.js';
import { Registration } from './registration.entity.js';
import { User } from './user.entity.js';

/** What a mailed link lets its reader do. */
export type TokenPurpose = 'VERIFY_EMAIL' | 'SET_PASSWORD' | 'ACCEPT_INVITATION';

/** The secret of a mailed link, known by its SHA-256 hash: for one user, purpose, address and registration. The row goes when it is used. */
@Entity('one_time_tokens')
@Check('one_time_tokens_texts', 'char_length(email) <= 254')
@Check('one_time_tokens_purpose_check', `purpose IN ('VERIFY_EMAIL', 'SET_PASSWORD', 'ACCEPT_INVITATION')`)
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

  /** The normalised address that it was mailed to; it is of no use once the user has another one. */
  @Column({ type: 'text' })
  email!: string;

  /** The registration that it confirms; null when it confirms none. */
  @Column({ name: 'registration_id', type: 'uuid', nullable: true })
  @ForeignKey(() => Registration, { name: 'one_time_tokens_registration_id_fkey', onDelete: 'CASCADE' })
  @Index('one_time_tokens_registration_id')
  registrationId!: string | null;

  @Column(instant('expires_at'))
  @Index('one_time_tokens_by_expiry')
  expiresAt!: Date;
}
