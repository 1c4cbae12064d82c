import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { instant } from './columns.js';
import { Organization } from './organization.entity.js';
import { User } from './user.entity.js';

/** What people say of a service account. */
export interface ServiceAccountDetails {
  readonly name?: string;
  readonly description?: string | null;
  readonly enabled?: boolean;
}

/** A machine identity of an organization. It outlives whoever made it; what it may do is authz's. */
@Entity('service_accounts')
@Unique('service_accounts_name', ['organizationId', 'name'])
@Index('service_accounts_of_creator', ['createdBy'])
@Check('service_accounts_texts', 'char_length(name) <= 100 AND char_length(description) <= 500')
export class ServiceAccount {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'service_accounts_pkey' })
  id!: string;

  @Column({ name: 'tenant_id', type: 'uuid', default: () => 'current_tenant()' })
  @ForeignKey(() => Organization, { name: 'service_accounts_tenant_id_fkey', onDelete: 'CASCADE' })
  organizationId!: string;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'text', nullable: true })
  description!: string | null;

  /** Whether its keys work. */
  @Column({ type: 'boolean', default: true })
  enabled!: boolean;

  @Column({ name: 'created_by', type: 'uuid', nullable: true })
  @ForeignKey(() => User, { name: 'service_accounts_created_by_fkey', onDelete: 'SET NULL' })
  createdBy!: string | null;

  @Column(instant('created_at'))
  createdAt!: Date;

  @Column(instant('updated_at'))
  updatedAt!: Date;

  /** When a key of it was last used, to the minute; of those that are gone too. */
  @Column(instant('last_used_at', { nullable: true }))
  lastUsedAt!: Date | null;

  static create(
    organizationId: string,
    { name, description }: { readonly name: string; readonly description: string | null },
    createdBy: string | null,
    now: Date,
  ): ServiceAccount {
    return Object.assign(new ServiceAccount(), {
      id: uuidv7(),
      organizationId,
      name,
      description,
      enabled: true,
      createdBy,
      createdAt: now,
      updatedAt: now,
      lastUsedAt: null,
    });
  }

  /** Answers the names of the fields that differ now. */
  change(details: ServiceAccountDetails, now: Date): string[] {
    const fields = (['name', 'description', 'enabled'] as const).filter(
      (field) => details[field] !== undefined && details[field] !== this[field],
    );
    if (fields.length > 0) Object.assign(this, details, { updatedAt: now });
    return fields;
  }
}
