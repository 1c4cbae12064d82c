import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { instant, tenant } from './columns.js';
import { User } from './user.entity.js';

/** What signs a user in once who has lost their second factors. An account that has any asks for a second step after a password. */
@Entity('recovery_codes')
export class RecoveryCode {
  @PrimaryColumn({ name: 'user_id', type: 'uuid', primaryKeyConstraintName: 'recovery_codes_pkey' })
  @ForeignKey(() => User, { name: 'recovery_codes_user_id_fkey', onDelete: 'CASCADE' })
  userId!: string;

  /** Keyed, so that nobody finds the code who has the table alone. */
  @PrimaryColumn({ type: 'bytea', primaryKeyConstraintName: 'recovery_codes_pkey' })
  hash!: Buffer;

  @Column(tenant)
  tenantId!: string;

  @Column(instant('used_at', { nullable: true }))
  usedAt!: Date | null;
}
