import { Column, Entity, PrimaryColumn } from 'typeorm';
import { instant } from './columns.js';

/** A key pair that signs access tokens. It belongs to the platform, not to a tenant. */
@Entity('signing_keys')
export class SigningKey {
  /** RFC 7638 thumbprint of the public key. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'signing_keys_pkey' })
  kid!: string;

  @Column({ type: 'text' })
  algorithm!: string;

  @Column({ name: 'public_jwk', type: 'jsonb' })
  publicJwk!: Record<string, unknown>;

  /** The private JWK, sealed under identity.keyEncryptionSecret. */
  @Column({ name: 'private_key', type: 'bytea' })
  privateKey!: Buffer;

  @Column(instant('created_at'))
  createdAt!: Date;

  /** From then on the key signs nothing and is not published. */
  @Column(instant('retired_at', { nullable: true }))
  retiredAt!: Date | null;
}
