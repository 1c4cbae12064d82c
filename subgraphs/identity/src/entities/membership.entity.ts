import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { instant } from './columns.js';
import { Organization } from './organization.entity.js';
import { MembershipStatus } from './organization-status.js';
import { User } from './user.entity.js';

/** That a user belongs to an organization. The database makes the first one with the account, and ends all with it. */
@Entity('memberships')
@Unique('memberships_member', ['userId', 'organizationId'])
@Index('memberships_of_inviter', ['invitedBy'])
@Index('memberships_newest', ['organizationId', 'joinedAt', 'id'])
@Check('memberships_status_check', `status IN ('ACTIVE', 'SUSPENDED')`)
export class Membership {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'memberships_pkey' })
  id!: string;

  @Column({ name: 'tenant_id', type: 'uuid', default: () => 'current_tenant()' })
  @ForeignKey(() => Organization, { name: 'memberships_tenant_id_fkey', onDelete: 'CASCADE' })
  organizationId!: string;

  @Column({ name: 'user_id', type: 'uuid' })
  @ForeignKey(() => User, { name: 'memberships_user_id_fkey', onDelete: 'CASCADE' })
  userId!: string;

  @Column({ type: 'text', default: MembershipStatus.ACTIVE })
  status!: MembershipStatus;

  @Column(instant('joined_at'))
  joinedAt!: Date;

  /** Who invited the user. */
  @Column({ name: 'invited_by', type: 'uuid', nullable: true })
  @ForeignKey(() => User, { name: 'memberships_invited_by_fkey', onDelete: 'SET NULL' })
  invitedBy!: string | null;

  /** When the user last acted in the organization, to the hour. */
  @Column(instant('last_active_at', { nullable: true }))
  lastActiveAt!: Date | null;

  static create(organizationId: string, userId: string, invitedBy: string | null, now: Date): Membership {
    return Object.assign(new Membership(), {
      id: uuidv7(),
      organizationId,
      userId,
      status: MembershipStatus.ACTIVE,
      joinedAt: now,
      invitedBy,
      lastActiveAt: null,
    });
  }

  get isActive(): boolean {
    return this.status === MembershipStatus.ACTIVE;
  }
}
