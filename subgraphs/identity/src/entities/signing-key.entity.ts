import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { instant } from './columns.js';

/** Where a key is in its life: published, signing, superseded but good for the tokens it signed, or gone. */
export type SigningKeyState = 'NEXT' | 'SIGNING' | 'VERIFYING' | 'RETIRED';

/** A key pair that signs access tokens. It belongs to the platform, not to a tenant. */
@Entity('signing_keys')
@Index('signing_keys_signs_from', ['algorithm', 'signsFrom'])
export class SigningKey {
  /** RFC 7638 thumbprint of the public key. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'signing_keys_pkey' })
  kid!: string;

  @Column({ type: 'text' })
  algorithm!: string;

  @Column({ name: 'public_jwk', type: 'jsonb' })
  publicJwk!: Record<string, unknown>;

  /** The private JWK, sealed under identity.keyEncryptionSecret; empty once the key is retired. */
  @Column({ name: 'private_key', type: 'bytea' })
  privateKey!: Buffer;

  @Column(instant('created_at'))
  createdAt!: Date;

  /** Published before, so that everyone who checks tokens knows the key by then. Of the keys that may sign, the latest does. */
  @Column(instant('signs_from'))
  signsFrom!: Date;

  /** From then on the key is not published. Null until a newer one takes over. */
  @Column(instant('retired_at', { nullable: true }))
  retiredAt!: Date | null;

  /** Makes room for a newer key: this one verifies until the last token that it signed has expired. A retirement that is earlier stays. */
  supersede(retiredAt: Date): void {
    if (!this.retiredAt || this.retiredAt > retiredAt) this.retiredAt = retiredAt;
  }

  /** Ends it at once. */
  revoke(now: Date): void {
    this.retiredAt = now;
    this.privateKey = Buffer.alloc(0);
  }

  isPublished(now: Date): boolean {
    return this.retiredAt === null || this.retiredAt > now;
  }
}
