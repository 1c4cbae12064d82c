import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { AuthenticationMethod, isSecondFactor } from './authentication-method.js';
import { instant, tenant } from './columns.js';
import { User } from './user.entity.js';

/** Where a call comes from, as far as it tells. */
export interface Device {
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
}

/** How long (ms) a session lives: since its last use, and in all. */
export interface SessionLifetimes {
  readonly sliding: number;
  readonly absolute: number;
}

/** Whose a session is, where it acts, and what showed it. */
export type SessionOwner = Pick<Session, 'userId' | 'organizationId' | 'methods'>;

/** One sign-in of one user: the family of refresh tokens that grew from it. */
@Entity('sessions')
@Check('sessions_texts', 'char_length(ip_address) <= 100 AND char_length(user_agent) <= 512')
@Check(
  'sessions_methods',
  `methods <@ '{${Object.values(AuthenticationMethod)}}' AND array_position(methods, NULL) IS NULL AND char_length(array_to_string(methods, ',')) <= 200`,
)
export class Session {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'sessions_pkey' })
  id!: string;

  /** In which it acts; null for none. */
  @Column({ ...tenant, nullable: true })
  organizationId!: string | null;

  @Column({ name: 'user_id', type: 'uuid' })
  @ForeignKey(() => User, { name: 'sessions_user_id_fkey', onDelete: 'CASCADE' })
  @Index('sessions_user_id')
  userId!: string;

  @Column({ name: 'ip_address', type: 'text', nullable: true })
  ipAddress!: string | null;

  @Column({ name: 'user_agent', type: 'text', nullable: true })
  userAgent!: string | null;

  /** How its user was authenticated, in this order. */
  @Column({ type: 'text', array: true, default: [AuthenticationMethod.PASSWORD] })
  methods!: AuthenticationMethod[];

  /** When its user last proved who they are. */
  @Column(instant('authenticated_at', { default: () => 'now()' }))
  authenticatedAt!: Date;

  @Column(instant('created_at'))
  createdAt!: Date;

  @Column(instant('last_used_at'))
  lastUsedAt!: Date;

  @Column(instant('expires_at'))
  @Index('sessions_by_expiry')
  expiresAt!: Date;

  @Column(instant('revoked_at', { nullable: true }))
  revokedAt!: Date | null;

  static begin(
    { userId, organizationId, methods }: SessionOwner,
    device: Device,
    lifetimes: SessionLifetimes,
    now: Date,
  ): Session {
    const begun = { id: uuidv7(), userId, organizationId, createdAt: now, revokedAt: null };
    const session = Object.assign(new Session(), begun, { methods: [...methods], authenticatedAt: now });
    session.use(device, lifetimes, now);
    return session;
  }

  /** Starts the sliding lifetime again, never beyond the absolute one. */
  use({ ipAddress, userAgent }: Device, { sliding, absolute }: SessionLifetimes, now: Date): void {
    this.ipAddress = ipAddress;
    this.userAgent = userAgent;
    this.lastUsedAt = now;
    this.expiresAt = new Date(Math.min(now.getTime() + sliding, this.createdAt.getTime() + absolute));
  }

  /** Its user has proved who they are again, or in one more way. */
  authenticated(method: AuthenticationMethod, now: Date): void {
    this.methods = [...new Set([...this.methods, method])];
    this.authenticatedAt = now;
  }

  /** Whether its user has shown more than a password. */
  get hasSecondFactor(): boolean {
    return this.methods.some(isSecondFactor);
  }

  isLive(now: Date): boolean {
    return this.revokedAt === null && this.expiresAt > now;
  }
}
