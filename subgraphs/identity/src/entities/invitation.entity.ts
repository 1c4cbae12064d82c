import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { instant } from './columns.js';
import { Organization } from './organization.entity.js';
import { InvitationStatus } from './organization-status.js';
import { User } from './user.entity.js';

/** What an invitation is made of. */
export interface InvitationDraft {
  readonly organizationId: string;
  /** Normalised. */
  readonly email: string;
  readonly roleIds: string[];
  readonly invitedBy: string | null;
}

/** An invitation of an address to an organization. Its secret is made when a mail leaves, and known by its SHA-256 hash. */
@Entity('invitations')
@Unique('invitations_token_hash_key', ['tokenHash'])
@Index('invitations_pending', ['organizationId', 'email'], { unique: true, where: `status = 'PENDING'` })
@Index('invitations_of_address', ['email'])
@Index('invitations_of_inviter', ['invitedBy'])
@Index('invitations_by_expiry', ['expiresAt'])
@Index('invitations_newest', ['organizationId', 'createdAt', 'id'])
@Check('invitations_texts', 'char_length(email) <= 254')
@Check('invitations_role_ids', 'array_position(role_ids, NULL) IS NULL')
@Check('invitations_status_check', `status IN ('PENDING', 'ACCEPTED', 'DECLINED', 'REVOKED')`)
export class Invitation {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'invitations_pkey' })
  id!: string;

  @Column({ name: 'tenant_id', type: 'uuid', default: () => 'current_tenant()' })
  @ForeignKey(() => Organization, { name: 'invitations_tenant_id_fkey', onDelete: 'CASCADE' })
  organizationId!: string;

  @Column({ type: 'text' })
  email!: string;

  /** The roles that the member gets. */
  @Column({ name: 'role_ids', type: 'uuid', array: true })
  roleIds!: string[];

  @Column({ name: 'invited_by', type: 'uuid', nullable: true })
  @ForeignKey(() => User, { name: 'invitations_invited_by_fkey', onDelete: 'SET NULL' })
  invitedBy!: string | null;

  /** As it was written; `state` also knows of its age. */
  @Column({ type: 'text', default: InvitationStatus.PENDING })
  status!: InvitationStatus;

  /** Of the link that was mailed last; null until one was. */
  @Column({ name: 'token_hash', type: 'bytea', nullable: true })
  tokenHash!: Buffer | null;

  @Column(instant('created_at'))
  createdAt!: Date;

  /** When a link was last asked for. */
  @Column(instant('sent_at'))
  sentAt!: Date;

  /** How often a link was asked for. */
  @Column({ type: 'integer', default: 1 })
  sends!: number;

  @Column(instant('expires_at'))
  expiresAt!: Date;

  @Column(instant('closed_at', { nullable: true }))
  closedAt!: Date | null;

  /** @param lifetime how long it can be accepted, in ms. */
  static create(draft: InvitationDraft, lifetime: number, now: Date): Invitation {
    return Object.assign(new Invitation(), draft, {
      id: uuidv7(),
      status: InvitationStatus.PENDING,
      tokenHash: null,
      createdAt: now,
      sentAt: now,
      sends: 1,
      expiresAt: new Date(now.getTime() + lifetime),
      closedAt: null,
    });
  }

  /** Its status as it is now: one that is too old has expired. */
  state(now: Date): InvitationStatus {
    return this.status === InvitationStatus.PENDING && this.expiresAt <= now ? InvitationStatus.EXPIRED : this.status;
  }

  /** Earlier links stop working, and the lifetime starts again. */
  resend(lifetime: number, now: Date): void {
    Object.assign(this, {
      tokenHash: null,
      sentAt: now,
      sends: this.sends + 1,
      expiresAt: new Date(now.getTime() + lifetime),
    });
  }

  close(status: InvitationStatus, now: Date): void {
    Object.assign(this, { status, closedAt: now });
  }
}
