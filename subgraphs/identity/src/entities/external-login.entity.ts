import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { instant, PROFILE_TEXTS, tenant } from './columns.js';
import { User } from './user.entity.js';

/** What a provider says of the account that its user has signed in to. */
export interface ExternalAccount {
  readonly issuer: string;
  readonly subject: string;
  /** Normalised; null for none, or one that is no address here. */
  readonly email: string | null;
  /** Whether the provider has had the address shown to be the account's. */
  readonly emailVerified: boolean;
  /** Whether the provider gives out the addresses of this domain, so that nobody else can say whose one is. */
  readonly authoritative: boolean;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly locale: string | null;
}

/** What a sign-in at a provider begins with. */
export interface ExternalLoginStart {
  readonly provider: string;
  /** Who wants to link the account; null for a login. */
  readonly userId: string | null;
  readonly stateHash: Buffer;
  readonly codeChallenge: string;
  readonly returnTo: string | null;
}

/** A sign-in at an external provider that is under way: begun in a browser, answered by the provider, finished in that browser. */
@Entity('external_logins')
@Unique('external_logins_state_hash_key', ['stateHash'])
@Unique('external_logins_code_hash_key', ['codeHash'])
@Index('external_logins_by_expiry', ['expiresAt'])
@Check(
  'external_logins_texts',
  `char_length(provider) <= 40 AND char_length(code_challenge) <= 43 AND char_length(return_to) <= 2000 AND char_length(issuer) <= 500 AND char_length(subject) <= 255 AND char_length(email) <= 254 AND ${PROFILE_TEXTS}`,
)
export class ExternalLogin {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'external_logins_pkey' })
  id!: string;

  @Column(tenant)
  tenantId!: string;

  @Column({ type: 'text' })
  provider!: string;

  @Column({ name: 'user_id', type: 'uuid', nullable: true })
  @ForeignKey(() => User, { name: 'external_logins_user_id_fkey', onDelete: 'CASCADE' })
  @Index('external_logins_user_id')
  userId!: string | null;

  @Column({ name: 'state_hash', type: 'bytea' })
  stateHash!: Buffer;

  /** Of the verifier that stays in the browser which began. */
  @Column({ name: 'code_challenge', type: 'text' })
  codeChallenge!: string;

  /** A path of the application. */
  @Column({ name: 'return_to', type: 'text', nullable: true })
  returnTo!: string | null;

  @Column(instant('created_at'))
  createdAt!: Date;

  @Column(instant('expires_at'))
  expiresAt!: Date;

  /** When the browser came back from the provider: once. */
  @Column(instant('claimed_at', { nullable: true }))
  claimedAt!: Date | null;

  /** Of the code that the browser finishes with; null until the provider has said who it is. */
  @Column({ name: 'code_hash', type: 'bytea', nullable: true })
  codeHash!: Buffer | null;

  @Column({ type: 'text', nullable: true })
  issuer!: string | null;

  @Column({ type: 'text', nullable: true })
  subject!: string | null;

  @Column({ type: 'text', nullable: true })
  email!: string | null;

  @Column({ name: 'email_verified', type: 'boolean', default: false })
  emailVerified!: boolean;

  @Column({ type: 'boolean', default: false })
  authoritative!: boolean;

  @Column({ name: 'first_name', type: 'text', nullable: true })
  firstName!: string | null;

  @Column({ name: 'last_name', type: 'text', nullable: true })
  lastName!: string | null;

  @Column({ type: 'text', nullable: true })
  locale!: string | null;

  /** @param lifetime until the browser has to be back from the provider, in ms. */
  static begin(start: ExternalLoginStart, lifetime: number, now: Date): ExternalLogin {
    const expiresAt = new Date(now.getTime() + lifetime);
    return Object.assign(new ExternalLogin(), start, {
      id: uuidv7(),
      createdAt: now,
      expiresAt,
      claimedAt: null,
      codeHash: null,
    });
  }

  /** @param lifetime until the browser has to finish, in ms. */
  answer(account: ExternalAccount, codeHash: Buffer, lifetime: number, now: Date): void {
    Object.assign(this, account, { codeHash, expiresAt: new Date(now.getTime() + lifetime) });
  }
}
