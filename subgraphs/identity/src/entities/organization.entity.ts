import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { instant } from './columns.js';
import { OrganizationStatus } from './organization-status.js';
import { User } from './user.entity.js';

/** What may change about an organization; what is left out stays. */
export interface OrganizationDetails {
  readonly name?: string;
  readonly slug?: string;
  readonly mfaRequired?: boolean;
}

/** A tenant: people act in it as its members. Times are handed in, so that the rules need no clock. */
@Entity('organizations')
@Unique('organizations_slug_key', ['slug'])
@Index('organizations_newest', ['createdAt', 'id'])
@Index('organizations_of_creator', ['createdBy'])
@Index('organizations_to_erase', ['deletesAt'], { where: 'deletes_at IS NOT NULL' })
@Check(
  'organizations_texts',
  'char_length(name) <= 100 AND char_length(slug) <= 50 AND char_length(suspension_reason) <= 500',
)
@Check('organizations_status_check', `status IN ('ACTIVE', 'SUSPENDED', 'DELETED')`)
export class Organization {
  /** The `tenant_id` of access tokens and rows. */
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'organizations_pkey' })
  id!: string;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'text' })
  slug!: string;

  @Column({ type: 'text', default: OrganizationStatus.ACTIVE })
  status!: OrganizationStatus;

  /** Whether its members act in it only in sessions with a second factor. */
  @Column({ name: 'mfa_required', type: 'boolean', default: false })
  mfaRequired!: boolean;

  @Column({ name: 'suspension_reason', type: 'text', nullable: true })
  suspensionReason!: string | null;

  /** The user who made it; null when the platform did. */
  @Column({ name: 'created_by', type: 'uuid', nullable: true })
  @ForeignKey(() => User, { name: 'organizations_created_by_fkey', onDelete: 'SET NULL' })
  createdBy!: string | null;

  @Column(instant('created_at'))
  createdAt!: Date;

  @Column(instant('updated_at'))
  updatedAt!: Date;

  /** When its data is erased; null unless it is deleted. */
  @Column(instant('deletes_at', { nullable: true }))
  deletesAt!: Date | null;

  static create(
    details: Required<Pick<OrganizationDetails, 'name' | 'slug'>> & { readonly id?: string | undefined },
    createdBy: string | null,
    now: Date,
  ): Organization {
    const { id = uuidv7(), name, slug } = details;
    return Object.assign(new Organization(), {
      id,
      name,
      slug,
      status: OrganizationStatus.ACTIVE,
      mfaRequired: false,
      suspensionReason: null,
      createdBy,
      createdAt: now,
      updatedAt: now,
      deletesAt: null,
    });
  }

  get isActive(): boolean {
    return this.status === OrganizationStatus.ACTIVE;
  }

  /** Answers the names of the fields that are different now. */
  change(details: OrganizationDetails, now: Date): string[] {
    const changed = Object.entries(details).filter(
      ([name, value]) => value !== undefined && this[name as keyof OrganizationDetails] !== value,
    );
    if (changed.length > 0) Object.assign(this, Object.fromEntries(changed), { updatedAt: now });
    return changed.map(([name]) => name);
  }

  /** Also of one that is suspended already, for another reason. */
  suspend(reason: string, now: Date): void {
    Object.assign(this, { status: OrganizationStatus.SUSPENDED, suspensionReason: reason, updatedAt: now });
  }

  reactivate(now: Date): void {
    Object.assign(this, { status: OrganizationStatus.ACTIVE, suspensionReason: null, updatedAt: now });
  }

  /** Takes a deletion back; one that was suspended is so again. */
  restore(now: Date): void {
    const status = this.suspensionReason === null ? OrganizationStatus.ACTIVE : OrganizationStatus.SUSPENDED;
    Object.assign(this, { status, deletesAt: null, updatedAt: now });
  }

  /** @param grace how long it can be restored, in ms. */
  delete(grace: number, now: Date): void {
    Object.assign(this, {
      status: OrganizationStatus.DELETED,
      deletesAt: new Date(now.getTime() + grace),
      updatedAt: now,
    });
  }
}
