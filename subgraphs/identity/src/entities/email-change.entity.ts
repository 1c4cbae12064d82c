import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { instant, tenant } from './columns.js';
import { User } from './user.entity.js';

/** A change of an account's own address. Its secret is made when a mail leaves, and known by its SHA-256 hash. */
@Entity('email_changes')
@Unique('email_changes_token_hash_key', ['tokenHash'])
@Index('email_changes_pending', ['userId'], { unique: true, where: 'confirmed_at IS NULL' })
@Index('email_changes_old_email', ['oldEmail'])
@Index('email_changes_by_expiry', ['expiresAt'])
@Check('email_changes_texts', 'char_length(old_email) <= 254 AND char_length(new_email) <= 254')
export class EmailChange {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'email_changes_pkey' })
  id!: string;

  @Column(tenant)
  tenantId!: string;

  @Column({ name: 'user_id', type: 'uuid' })
  @ForeignKey(() => User, { name: 'email_changes_user_id_fkey', onDelete: 'CASCADE' })
  @Index('email_changes_user_id')
  userId!: string;

  /** Normalised, as the new one. */
  @Column({ name: 'old_email', type: 'text' })
  oldEmail!: string;

  @Column({ name: 'new_email', type: 'text' })
  newEmail!: string;

  /** Of the link that was mailed last: to the new address until it is confirmed, to the old one from then on. Null until one was. */
  @Column({ name: 'token_hash', type: 'bytea', nullable: true })
  tokenHash!: Buffer | null;

  @Column(instant('requested_at'))
  requestedAt!: Date;

  /** When the new address became the account's; null until then. */
  @Column(instant('confirmed_at', { nullable: true }))
  confirmedAt!: Date | null;

  /** Until when it can be confirmed, and once it is, reverted. */
  @Column(instant('expires_at'))
  expiresAt!: Date;

  /** @param lifetime for which it can be confirmed, in ms. */
  static request(user: User & { email: string }, newEmail: string, lifetime: number, now: Date): EmailChange {
    return Object.assign(new EmailChange(), {
      id: uuidv7(),
      userId: user.id,
      oldEmail: user.email,
      newEmail,
      tokenHash: null,
      requestedAt: now,
      confirmedAt: null,
      expiresAt: new Date(now.getTime() + lifetime),
    });
  }

  /** @param lifetime for which it can be reverted, in ms. */
  confirm(lifetime: number, now: Date): void {
    this.tokenHash = null;
    this.confirmedAt = now;
    this.expiresAt = new Date(now.getTime() + lifetime);
  }
}
