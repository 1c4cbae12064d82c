import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { instant, PROFILE_TEXTS, tenant } from './columns.js';
import { type Profile, User } from './user.entity.js';

/** What somebody who registers says of themselves; without a username they get a random one. */
export interface RegistrationDraft extends Omit<Profile, 'username'> {
  readonly username: string | null;
  /** argon2id in PHC string format. */
  readonly passwordHash: string;
}

/** One registration of an address that no account has yet. Of several for one address, the first that is confirmed becomes the account. */
@Entity('registrations')
@Index('registrations_user_id', ['userId', 'createdAt'])
@Check('registrations_texts', `char_length(username) <= 50 AND char_length(password_hash) <= 500 AND ${PROFILE_TEXTS}`)
export class Registration {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'registrations_pkey' })
  id!: string;

  @Column(tenant)
  tenantId!: string;

  /** The user whose address was registered: pending until a registration is confirmed. */
  @Column({ name: 'user_id', type: 'uuid' })
  @ForeignKey(() => User, { name: 'registrations_user_id_fkey', onDelete: 'CASCADE' })
  userId!: string;

  @Column({ type: 'text', nullable: true })
  username!: string | null;

  @Column({ name: 'first_name', type: 'text', nullable: true })
  firstName!: string | null;

  @Column({ name: 'last_name', type: 'text', nullable: true })
  lastName!: string | null;

  @Column({ type: 'text', nullable: true })
  locale!: string | null;

  /** argon2id in PHC string format. */
  @Column({ name: 'password_hash', type: 'text' })
  passwordHash!: string;

  @Column(instant('created_at'))
  createdAt!: Date;

  static of(userId: string, draft: RegistrationDraft, now: Date): Registration {
    return Object.assign(new Registration(), draft, { id: uuidv7(), userId, createdAt: now });
  }
}
