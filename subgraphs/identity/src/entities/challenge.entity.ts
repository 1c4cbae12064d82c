import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { AuthenticationMethod } from './authentication-method.js';
import { instant, tenant } from './columns.js';
import { Session } from './session.entity.js';
import { User } from './user.entity.js';

/** What an answer to a challenge does. */
export type ChallengePurpose = 'SECOND_FACTOR' | 'PASSKEY_LOGIN' | 'PASSKEY_REGISTRATION' | 'REAUTHENTICATION';

/** A question that was put to somebody who signs in or proves who they are, known by the SHA-256 hash of its secret. It is answered once. */
@Entity('challenges')
@Check(
  'challenges_purpose_check',
  `purpose IN ('SECOND_FACTOR', 'PASSKEY_LOGIN', 'PASSKEY_REGISTRATION', 'REAUTHENTICATION')`,
)
@Check('challenges_texts', 'char_length(signed) <= 100')
@Check(
  'challenges_methods',
  `methods <@ '{${Object.values(AuthenticationMethod)}}' AND array_position(methods, NULL) IS NULL AND char_length(array_to_string(methods, ',')) <= 200`,
)
export class Challenge {
  @PrimaryColumn({ type: 'bytea', primaryKeyConstraintName: 'challenges_pkey' })
  hash!: Buffer;

  @Column(tenant)
  tenantId!: string;

  @Column({ type: 'text' })
  purpose!: ChallengePurpose;

  /** Whom it asks; null when anybody may answer. */
  @Column({ name: 'user_id', type: 'uuid', nullable: true })
  @ForeignKey(() => User, { name: 'challenges_user_id_fkey', onDelete: 'CASCADE' })
  @Index('challenges_of_user')
  userId!: string | null;

  /** The session that it belongs to. */
  @Column({ name: 'session_id', type: 'uuid', nullable: true })
  @ForeignKey(() => Session, { name: 'challenges_session_id_fkey', onDelete: 'CASCADE' })
  @Index('challenges_of_session')
  sessionId!: string | null;

  /** What an authenticator signs; null when none is asked. */
  @Column({ type: 'text', nullable: true })
  signed!: string | null;

  /** How the user was authenticated before. */
  @Column({ type: 'text', array: true })
  methods!: AuthenticationMethod[];

  @Column({ name: 'attempts_left', type: 'integer' })
  attemptsLeft!: number;

  @Column(instant('expires_at'))
  @Index('challenges_by_expiry')
  expiresAt!: Date;
}
