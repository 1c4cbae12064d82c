import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { bigint, instant, tenant } from './columns.js';
import { User } from './user.entity.js';

/** A user's authenticator app (RFC 6238). */
@Entity('totp_factors')
export class TotpFactor {
  @PrimaryColumn({ name: 'user_id', type: 'uuid', primaryKeyConstraintName: 'totp_factors_pkey' })
  @ForeignKey(() => User, { name: 'totp_factors_user_id_fkey', onDelete: 'CASCADE' })
  userId!: string;

  @Column(tenant)
  tenantId!: string;

  /** Encrypted. */
  @Column({ type: 'bytea' })
  secret!: Buffer;

  /** The time step of the last code that was accepted: no code works twice. */
  @Column({ ...bigint('last_step'), default: 0 })
  lastStep!: number;

  @Column(instant('created_at'))
  createdAt!: Date;

  /** Null until the first code has shown that the authenticator has the secret. */
  @Column(instant('confirmed_at', { nullable: true }))
  confirmedAt!: Date | null;
}
