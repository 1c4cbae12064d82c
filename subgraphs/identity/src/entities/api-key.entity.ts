import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { instant } from './columns.js';
import { Membership } from './membership.entity.js';
import { Organization } from './organization.entity.js';
import { ServiceAccount } from './service-account.entity.js';

/** What a key is made of. It acts for a user or for a service account. */
export type ApiKeyDraft = Pick<
  ApiKey,
  'organizationId' | 'userId' | 'serviceAccountId' | 'name' | 'prefix' | 'secretHash' | 'scopes' | 'expiresAt'
>;

/** A credential for programs, known by the SHA-256 hash of its secret. It acts in one organization, and ends with the membership or the service account that it acts for. */
@Entity('api_keys')
@Unique('api_keys_secret_hash_key', ['secretHash'])
@ForeignKey(() => Membership, ['userId', 'organizationId'], ['userId', 'organizationId'], {
  name: 'api_keys_membership_fkey',
  onDelete: 'CASCADE',
})
@Index('api_keys_of_user', ['userId', 'organizationId', 'createdAt', 'id'])
@Index('api_keys_of_service_account', ['serviceAccountId', 'createdAt', 'id'])
@Index('api_keys_newest', ['organizationId', 'createdAt', 'id'])
@Index('api_keys_to_expire', ['expiresAt'], { where: 'expires_at IS NOT NULL' })
@Check('api_keys_owner', 'num_nonnulls(user_id, service_account_id) = 1')
@Check('api_keys_texts', 'char_length(name) <= 100 AND char_length(prefix) <= 20 AND char_length(last_used_ip) <= 100')
@Check('api_keys_scopes', `array_position(scopes, NULL) IS NULL AND char_length(array_to_string(scopes, '')) <= 40000`)
@Check('api_keys_scopes_of_users', 'user_id IS NULL OR cardinality(scopes) > 0')
export class ApiKey {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'api_keys_pkey' })
  id!: string;

  @Column({ name: 'tenant_id', type: 'uuid', default: () => 'current_tenant()' })
  @ForeignKey(() => Organization, { name: 'api_keys_tenant_id_fkey', onDelete: 'CASCADE' })
  organizationId!: string;

  @Column({ name: 'user_id', type: 'uuid', nullable: true })
  userId!: string | null;

  @Column({ name: 'service_account_id', type: 'uuid', nullable: true })
  @ForeignKey(() => ServiceAccount, { name: 'api_keys_service_account_id_fkey', onDelete: 'CASCADE' })
  serviceAccountId!: string | null;

  @Column({ type: 'text' })
  name!: string;

  /** The beginning of the secret, to recognise it by. */
  @Column({ type: 'text' })
  prefix!: string;

  @Column({ name: 'secret_hash', type: 'bytea' })
  secretHash!: Buffer;

  /** Permission codes that it is narrowed to; empty where it may do all that its service account may. */
  @Column({ type: 'text', array: true })
  scopes!: string[];

  @Column(instant('created_at'))
  createdAt!: Date;

  @Column(instant('expires_at', { nullable: true }))
  expiresAt!: Date | null;

  /** Whether it was announced that it has expired. */
  @Column({ type: 'boolean', default: false })
  expired!: boolean;

  /** To the minute. */
  @Column(instant('last_used_at', { nullable: true }))
  lastUsedAt!: Date | null;

  @Column({ name: 'last_used_ip', type: 'text', nullable: true })
  lastUsedIp!: string | null;

  static create(draft: ApiKeyDraft, now: Date): ApiKey {
    const unused = { expired: false, lastUsedAt: null, lastUsedIp: null };
    return Object.assign(new ApiKey(), draft, unused, { id: uuidv7(), createdAt: now });
  }

  /** Whom it acts for, as events tell it. */
  get ownerOf(): { ownerId: string; ownerType: 'user' | 'service_account' } {
    return this.userId === null
      ? { ownerId: this.serviceAccountId as string, ownerType: 'service_account' }
      : { ownerId: this.userId, ownerType: 'user' };
  }
}
