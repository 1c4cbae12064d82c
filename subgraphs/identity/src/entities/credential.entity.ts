import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { instant, tenant } from './columns.js';
import { User } from './user.entity.js';

/** A user's password, apart from the user so that reading users never reads hashes. Users without a row cannot sign in with one. */
@Entity('credentials')
export class Credential {
  @PrimaryColumn({ name: 'user_id', type: 'uuid', primaryKeyConstraintName: 'credentials_pkey' })
  @ForeignKey(() => User, { name: 'credentials_user_id_fkey', onDelete: 'CASCADE' })
  userId!: string;

  @Column(tenant)
  tenantId!: string;

  /** argon2id in PHC string format. */
  @Column({ name: 'password_hash', type: 'text' })
  passwordHash!: string;

  @Column(instant('changed_at'))
  changedAt!: Date;
}
