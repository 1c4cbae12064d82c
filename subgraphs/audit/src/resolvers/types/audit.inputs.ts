import { Json } from '@platform/subgraph-server/graphql';
import { Field, ID, InputType } from 'type-graphql';
import { AuditOutcome } from '../../entities/index.js';

@InputType()
export class AuditFilter {
  @Field(() => ID, { nullable: true })
  actorId?: string | null;

  @Field(() => String, { nullable: true, description: "Exact, or a prefix that ends in a dot: 'platform.user.'" })
  action?: string | null;

  @Field(() => String, { nullable: true })
  resource?: string | null;

  @Field(() => ID, { nullable: true })
  resourceId?: string | null;

  @Field(() => AuditOutcome, { nullable: true })
  outcome?: AuditOutcome | null;

  @Field(() => String, { nullable: true })
  requestId?: string | null;

  @Field(() => Date, { nullable: true, description: 'When it occurred, at the earliest.' })
  from?: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it occurred; this moment is not included.' })
  to?: Date | null;
}

@InputType({
  description:
    "actorId, serviceAccountId, ipAddress and userAgent are taken from service principals only; otherwise they are the caller's.",
})
export class RecordAuditEntryInput {
  @Field(() => String)
  action!: string;

  @Field(() => String)
  resource!: string;

  @Field(() => ID, { nullable: true })
  resourceId?: string | null;

  @Field(() => AuditOutcome, { nullable: true, defaultValue: AuditOutcome.SUCCESS })
  outcome?: AuditOutcome | null;

  @Field(() => Json, { nullable: true })
  metadata?: unknown;

  @Field(() => Date, { nullable: true })
  occurredAt?: Date | null;

  @Field(() => ID, { nullable: true })
  actorId?: string | null;

  @Field(() => ID, { nullable: true })
  serviceAccountId?: string | null;

  @Field(() => String, { nullable: true })
  ipAddress?: string | null;

  @Field(() => String, { nullable: true })
  userAgent?: string | null;
}
