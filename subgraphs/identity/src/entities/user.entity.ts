import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import { version as uuidVersion, v7 as uuidv7 } from 'uuid';
import { instant, PROFILE_TEXTS, tenant } from './columns.js';
import { UserStatus } from './user-status.js';

/** What people tell of themselves; null where they do not. */
export interface Profile {
  username: string;
  firstName: string | null;
  lastName: string | null;
  locale: string | null;
}

/** A profile with the address that the account is known by. */
export interface UserDraft extends Profile {
  email: string;
}

/** What may change about a user; what is left out stays. */
export type UserChanges = Partial<UserDraft & { emailVerified: boolean }>;

/** Somebody who can sign in. Times are handed in, so that the rules need no clock. */
@Entity('users')
@Unique('users_email_key', ['email'])
@Index('users_username_key', { synchronize: false })
@Index('users_fragments', { synchronize: false })
@Index('users_newest', ['createdAt', 'id'])
@Index('users_pending', ['createdAt'], { where: 'pending' })
@Check(
  'users_texts',
  `char_length(email) <= 254 AND char_length(former_email) <= 254 AND char_length(username) <= 50 AND ${PROFILE_TEXTS}`,
)
@Check('users_status_check', `status IN ('ACTIVE', 'LOCKED', 'DELETED')`)
export class User {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'users_pkey' })
  id!: string;

  /** The organization that the account was made in, its first membership; null for none. */
  @Column({ ...tenant, nullable: true })
  madeIn!: string | null;

  /** The organization that the user has last switched to. */
  @Column({ name: 'last_organization_id', type: 'uuid', nullable: true })
  lastOrganizationId!: string | null;

  /** Normalised; null once the user is deleted. */
  @Column({ type: 'text', nullable: true })
  email!: string | null;

  @Column({ name: 'email_verified', type: 'boolean', default: false })
  emailVerified!: boolean;

  /** The address was registered and no registration is confirmed yet: names and passwords lie with the registrations. */
  @Column({ type: 'boolean', default: false })
  pending!: boolean;

  /** An administrator made the account, so a reader of the address that it had then chose its password. */
  @Column({ type: 'boolean', default: false })
  invited!: boolean;

  /** An address of the account was verified once, whichever it has now: it is a person's. */
  @Column({ name: 'ever_verified', type: 'boolean', default: false })
  everVerified!: boolean;

  /** The address before the last change, until its owner has been told. */
  @Column({ name: 'former_email', type: 'text', nullable: true })
  formerEmail!: string | null;

  @Column({ type: 'text' })
  username!: string;

  @Column({ name: 'first_name', type: 'text', nullable: true })
  firstName!: string | null;

  @Column({ name: 'last_name', type: 'text', nullable: true })
  lastName!: string | null;

  @Column({ type: 'text', nullable: true })
  locale!: string | null;

  @Column({ type: 'text', default: UserStatus.ACTIVE })
  status!: UserStatus;

  /** When a session of the user last began; null before the first. */
  @Column(instant('last_login_at', { nullable: true }))
  lastLoginAt!: Date | null;

  @Column(instant('created_at'))
  createdAt!: Date;

  @Column(instant('updated_at'))
  updatedAt!: Date;

  /** Stands for an address that was registered, until a registration of it is confirmed. */
  static pending(email: string, username: string, madeIn: string | null, now: Date): User {
    const draft = { email, username, firstName: null, lastName: null, locale: null };
    return Object.assign(User.create(draft, madeIn, now), { pending: true });
  }

  /** @param madeIn the organization that it belongs to from the start; null for none. */
  static create(draft: UserDraft, madeIn: string | null, now: Date): User {
    return Object.assign(new User(), draft, {
      id: uuidv7(),
      madeIn,
      lastOrganizationId: null,
      emailVerified: false,
      pending: false,
      invited: false,
      everVerified: false,
      formerEmail: null,
      status: UserStatus.ACTIVE,
      lastLoginAt: null,
      createdAt: now,
      updatedAt: now,
    });
  }

  /** An account that an administrator makes for somebody, who is mailed an invitation. */
  static invite(draft: UserDraft, madeIn: string | null, now: Date): User {
    return Object.assign(User.create(draft, madeIn, now), { invited: true });
  }

  /** An administrator makes an account of a pending one: nothing that was registered with its address stays. */
  takeOver(draft: UserDraft, now: Date): void {
    Object.assign(this, draft, { pending: false, invited: true, updatedAt: now });
  }

  /** A user of whom nothing but the id is known, whatever it was: made when the id was, as far as that says so. */
  static gone(id: string): User {
    const user = Object.assign(new User(), { id, createdAt: timeOf(id), formerEmail: null });
    user.anonymise(user.createdAt);
    return user;
  }

  /** First and last name where given, else the username. */
  get displayName(): string {
    return [this.firstName, this.lastName].filter(Boolean).join(' ') || this.username;
  }

  /** Nobody has confirmed a registration of the address yet, so it can be registered again. Accounts that were made for people are not pending. */
  get isPending(): boolean {
    return this.status === UserStatus.ACTIVE && this.pending;
  }

  /** Somebody who may still show that the address is theirs. */
  get awaitsVerification(): boolean {
    return this.status === UserStatus.ACTIVE && !this.emailVerified;
  }

  /** Nobody has ever shown an address of the account to be theirs, so whoever is trusted with its address may have it. */
  get isUnclaimed(): boolean {
    return this.awaitsVerification && !this.everVerified;
  }

  /** Whether the changes leave the account with an address that nobody has shown to be theirs. */
  isUnverifiedBy({ email, emailVerified }: UserChanges): boolean {
    return emailVerified === undefined ? email !== undefined && email !== this.email : !emailVerified;
  }

  /** Answers the names of the fields that are different now. A new address is unverified unless said otherwise. */
  change(changes: UserChanges, now: Date): string[] {
    const given: UserChanges = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
    if (given.email !== undefined && given.email !== this.email) {
      given.emailVerified ??= false;
      this.formerEmail ??= this.email;
    }
    const changed = Object.entries(given).filter(([name, value]) => this[name as keyof User] !== value);
    if (changed.length > 0) Object.assign(this, Object.fromEntries(changed), { updatedAt: now });
    if (this.emailVerified) Object.assign(this, { pending: false, everVerified: true });
    return changed.map(([name]) => name);
  }

  verifyEmail(now: Date): void {
    if (this.emailVerified && !this.pending) return;
    this.emailVerified = true;
    this.everVerified = true;
    this.pending = false;
    this.updatedAt = now;
  }

  /** The user has shown that the new address is theirs. */
  moveTo(email: string, now: Date): void {
    Object.assign(this, { email, emailVerified: true, everVerified: true, pending: false, updatedAt: now });
  }

  /** Somebody else has shown that the address is theirs. */
  leaveAddress(now: Date): void {
    Object.assign(this, { email: null, updatedAt: now });
  }

  lock(now: Date): void {
    this.status = UserStatus.LOCKED;
    this.updatedAt = now;
  }

  unlock(now: Date): void {
    this.status = UserStatus.ACTIVE;
    this.updatedAt = now;
  }

  /** Forgets who this was. The id stays, so that what others keep of the user still points somewhere. */
  anonymise(now: Date): void {
    Object.assign(this, {
      email: null,
      emailVerified: false,
      pending: false,
      formerEmail: null,
      username: `deleted-${this.id}`,
      firstName: null,
      lastName: null,
      locale: null,
      status: UserStatus.DELETED,
      updatedAt: now,
    });
  }
}

/** When a UUIDv7 was made; the beginning of time for another id. */
const timeOf = (id: string): Date =>
  new Date(uuidVersion(id) === 7 ? Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16) : 0);
