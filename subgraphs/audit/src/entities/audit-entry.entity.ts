import type { PersonalMembers } from '@platform/events';
import { Json } from '@platform/subgraph-server/graphql';
import { Directive, Field, ID, ObjectType } from 'type-graphql';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { AuditOutcome } from './audit-outcome.js';
import type { Sealed } from './sealing.js';
import type { JsonValue } from './without-secrets.js';

/** Where an entry stands in the log, and since when; given by the database alone. */
export interface LogPosition {
  /** From 0, without gaps; a decimal string, as it outgrows a JavaScript number. */
  readonly sequence: string;
  readonly recordedAt: Date;
}

/** The database's channel that tells the ids of entries as they commit, joined by commas. */
export const ENTRY_RECORDED = 'audit_entry_recorded';

/** What is known of an action before it is in the log. */
export type AuditRecord = Omit<AuditEntry, keyof LogPosition | 'sealed' | 'leafHash'> & {
  /** What of `metadata` is personal, and whose: all of it where nothing is said. */
  readonly personal?: PersonalMembers | undefined;
};

/** What an entry may say, in the database. Where it came from is bounded further before; older entries have what a header could hold. */
const ENTRY_TEXTS = `char_length(actor_id) <= 200 AND char_length(action) <= 200 AND char_length(resource) <= 200
  AND char_length(resource_id) <= 200 AND char_length(ip_address) <= 16384 AND char_length(user_agent) <= 16384
  AND char_length(request_id) <= 16384 AND char_length(trace_id) <= 16384`;

/** Which entries are dated otherwise than about when they were recorded, such as those of a backlog. */
const MISDATED = `recorded_at - occurred_at > interval '24 hours' OR recorded_at - occurred_at < interval '-24 hours'`;

/** Which entries are of what was refused or failed: few. */
const UNSUCCESSFUL = `outcome <> 'SUCCESS'`;

/** One recorded action. Entries are added, never changed. */
@ObjectType()
@Directive('@key(fields: "id")')
@Entity('audit_entry')
@Index('audit_entry_sequence', ['sequence', 'recordedAt'], { unique: true })
@Index('audit_entry_tenant', ['tenantId', 'sequence'])
@Index('audit_entry_actor', ['actorId', 'sequence'])
@Index('audit_entry_action', ['action', 'sequence'])
@Index('audit_entry_resource', ['resource', 'sequence'])
@Index('audit_entry_resource_id', ['resourceId', 'sequence'])
@Index('audit_entry_request', ['requestId'])
@Index('audit_entry_occurred', ['occurredAt'], { type: 'brin' })
@Index('audit_entry_misdated', ['occurredAt', 'sequence', 'recordedAt'], { where: MISDATED })
@Index('audit_entry_unsuccessful', ['outcome', 'sequence'], { where: UNSUCCESSFUL })
@Check('audit_entry_texts', ENTRY_TEXTS)
@Check('audit_entry_outcome', `outcome IN ('SUCCESS', 'DENIED', 'FAILED')`)
export class AuditEntry {
  @Field(() => ID)
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'audit_entry_pkey' })
  readonly id!: string;

  @Field(() => String, { description: 'Position in the log, from 0, without gaps.' })
  @Column({ type: 'bigint' })
  readonly sequence!: string;

  /** Null when nobody was signed in. */
  @Column({ type: 'text', name: 'actor_id', nullable: true })
  readonly actorId!: string | null;

  /** The machine identity that acted; null for people. */
  @Column({ type: 'uuid', name: 'service_account_id', nullable: true })
  readonly serviceAccountId!: string | null;

  @Field(() => String)
  @Column({ type: 'text', collation: 'C' })
  readonly action!: string;

  @Field(() => String)
  @Column({ type: 'text' })
  readonly resource!: string;

  @Field(() => ID, { nullable: true })
  @Column({ type: 'text', name: 'resource_id', nullable: true })
  readonly resourceId!: string | null;

  @Field(() => AuditOutcome)
  @Column({ type: 'text' })
  readonly outcome!: AuditOutcome;

  @Column({ type: 'text', name: 'ip_address', nullable: true })
  readonly ipAddress!: string | null;

  @Column({ type: 'text', name: 'user_agent', nullable: true })
  readonly userAgent!: string | null;

  @Field(() => String, { nullable: true })
  @Column({ type: 'text', name: 'request_id', nullable: true })
  readonly requestId!: string | null;

  @Field(() => String, { nullable: true })
  @Column({ type: 'text', name: 'trace_id', nullable: true })
  readonly traceId!: string | null;

  @Field(() => ID, { nullable: true })
  @Column({ type: 'uuid', name: 'tenant_id', default: () => 'current_tenant()' })
  readonly tenantId!: string;

  /** JSON without secrets. */
  @Column({ type: 'jsonb', nullable: true })
  readonly metadata!: JsonValue;

  @Field(() => Json, {
    nullable: true,
    description:
      'What the leaf has in place of personal data: { origin: { subject, text }, metadata: { subject, text } }, or { all: { subject, text } } where both are about the same subject; or { details: { members, subject, text } } where some members of metadata are personal. text is ciphertext under a key of the subject. Then ipAddress and userAgent (origin), metadata, or all three are null in the leaf, and metadata has none of those members (details). Null when nothing is sealed.',
  })
  @Column({ type: 'jsonb', nullable: true })
  readonly sealed!: Sealed | null;

  @Field(() => Date, { description: 'As the one who recorded it claims.' })
  @Column({ type: 'timestamptz', name: 'occurred_at', precision: 3 })
  readonly occurredAt!: Date;

  @Field(() => Date, { description: 'As the log itself says.' })
  @PrimaryColumn('timestamptz', { name: 'recorded_at', precision: 3, primaryKeyConstraintName: 'audit_entry_pkey' })
  readonly recordedAt!: Date;

  @Field(() => String, {
    description:
      'RFC 6962 leaf hash, SHA-256(0x00 || entry as RFC 8785 canonical JSON), hex. The JSON has the members id, sequence, actorId, action, resource, resourceId, outcome, ipAddress, userAgent, requestId, traceId, tenantId, metadata, occurredAt and recordedAt, as this type answers them (actorId is the id of actor); where a service account acted also serviceAccountId, its id; where something is sealed also the member sealed, and null for what it stands for.',
  })
  @Column({ type: 'text', name: 'leaf_hash' })
  readonly leafHash!: string;
}
