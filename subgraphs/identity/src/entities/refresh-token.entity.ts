import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { instant, tenant } from './columns.js';
import { type Device, Session } from './session.entity.js';

/** A refresh token, known by its SHA-256 hash. It is used once; then it only tells that somebody replays it. */
@Entity('refresh_tokens')
@Check('refresh_tokens_texts', 'char_length(rotated_ip_address) <= 100 AND char_length(rotated_user_agent) <= 512')
export class RefreshToken {
  @PrimaryColumn({ type: 'bytea', primaryKeyConstraintName: 'refresh_tokens_pkey' })
  hash!: Buffer;

  @Column(tenant)
  tenantId!: string;

  @Column({ name: 'session_id', type: 'uuid' })
  @ForeignKey(() => Session, { name: 'refresh_tokens_session_id_fkey', onDelete: 'CASCADE' })
  @Index('refresh_tokens_session_id')
  sessionId!: string;

  @Column(instant('expires_at'))
  expiresAt!: Date;

  @Column(instant('rotated_at', { nullable: true }))
  rotatedAt!: Date | null;

  @Column({ name: 'rotated_ip_address', type: 'text', nullable: true })
  rotatedIpAddress!: string | null;

  @Column({ name: 'rotated_user_agent', type: 'text', nullable: true })
  rotatedUserAgent!: string | null;

  /** The token that replaced this one, encrypted under this one: empty when it was given to another request of the session; null before the rotation and once the successor was used. */
  @Column({ type: 'bytea', nullable: true })
  successor!: Buffer | null;

  rotate(successor: Buffer, device: Device, now: Date): void {
    this.rotatedAt = now;
    this.rotatedIpAddress = device.ipAddress;
    this.rotatedUserAgent = device.userAgent;
    this.successor = successor;
  }

  /** True when the device that rotated the token asks again within `grace` (ms): its first answer was lost, or it asked twice at once. */
  isRepeatedBy(device: Device, grace: number, now: Date): boolean {
    return (
      this.rotatedAt !== null &&
      Math.abs(now.getTime() - this.rotatedAt.getTime()) <= grace &&
      this.rotatedIpAddress === device.ipAddress &&
      this.rotatedUserAgent === device.userAgent
    );
  }
}
