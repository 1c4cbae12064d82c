import { Check, Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { instant, tenant } from './columns.js';
import type { ExternalAccount } from './external-login.entity.js';
import { User } from './user.entity.js';

/** An account at an external provider that a user signs in with: at most one for each provider. */
@Entity('external_identities')
@Unique('external_identities_subject_key', ['provider', 'issuer', 'subject'])
@Unique('external_identities_user_key', ['userId', 'provider'])
@Check(
  'external_identities_texts',
  'char_length(provider) <= 40 AND char_length(issuer) <= 500 AND char_length(subject) <= 255 AND char_length(email) <= 254',
)
export class ExternalIdentity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'external_identities_pkey' })
  id!: string;

  @Column(tenant)
  tenantId!: string;

  @Column({ name: 'user_id', type: 'uuid' })
  @ForeignKey(() => User, { name: 'external_identities_user_id_fkey', onDelete: 'CASCADE' })
  userId!: string;

  /** Its key in the configuration. */
  @Column({ type: 'text' })
  provider!: string;

  /** With the subject: who it is, for good. */
  @Column({ type: 'text' })
  issuer!: string;

  @Column({ type: 'text' })
  subject!: string;

  /** As the provider last reported it; nobody is found by it. */
  @Column({ type: 'text', nullable: true })
  email!: string | null;

  @Column(instant('linked_at'))
  linkedAt!: Date;

  @Column(instant('last_used_at', { nullable: true }))
  lastUsedAt!: Date | null;

  static link(userId: string, provider: string, { issuer, subject, email }: ExternalAccount, now: Date) {
    const linked = { id: uuidv7(), userId, provider, issuer, subject, email, linkedAt: now, lastUsedAt: null };
    return Object.assign(new ExternalIdentity(), linked);
  }

  /** It signs its user in. */
  use(email: string | null, now: Date): void {
    this.email = email;
    this.lastUsedAt = now;
  }
}
