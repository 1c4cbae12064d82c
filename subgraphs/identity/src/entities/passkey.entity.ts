import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { bigint, instant, tenant } from './columns.js';
import { User } from './user.entity.js';

/** A WebAuthn credential of a user. */
@Entity('passkeys')
@Unique('passkeys_credential_id_key', ['credentialId'])
@Index('passkeys_of_user', ['userId', 'createdAt'])
@Check(
  'passkeys_texts',
  'char_length(name) <= 100 AND octet_length(credential_id) <= 1023 AND octet_length(public_key) <= 4096',
)
@Check(
  'passkeys_transports',
  `char_length(array_to_string(transports, ',')) <= 330 AND array_position(transports, NULL) IS NULL`,
)
export class Passkey {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'passkeys_pkey' })
  id!: string;

  @Column(tenant)
  tenantId!: string;

  @Column({ name: 'user_id', type: 'uuid' })
  @ForeignKey(() => User, { name: 'passkeys_user_id_fkey', onDelete: 'CASCADE' })
  userId!: string;

  @Column({ name: 'credential_id', type: 'bytea' })
  credentialId!: Buffer;

  /** COSE. */
  @Column({ name: 'public_key', type: 'bytea' })
  publicKey!: Buffer;

  /** How often the authenticator has signed, as far as it counts. */
  @Column(bigint('counter'))
  counter!: number;

  /** How browsers reach the authenticator. */
  @Column({ type: 'text', array: true })
  transports!: string[];

  /** Whether its provider copies it between devices, which then count apart. */
  @Column({ type: 'boolean' })
  synced!: boolean;

  @Column({ type: 'text' })
  name!: string;

  @Column(instant('created_at'))
  createdAt!: Date;

  @Column(instant('last_used_at', { nullable: true }))
  lastUsedAt!: Date | null;
}
