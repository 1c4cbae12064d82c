import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { ExportFormat, ExportStatus } from '../../export/index.js';

registerEnumType(ExportFormat, { name: 'AuditExportFormat' });
registerEnumType(ExportStatus, { name: 'AuditExportStatus' });

@ObjectType()
export class AuditExport {
  @Field(() => ID)
  readonly jobId!: string;

  @Field(() => ExportStatus)
  readonly status!: ExportStatus;

  @Field(() => ExportFormat)
  readonly format!: ExportFormat;

  @Field(() => Date)
  readonly requestedAt!: Date;

  @Field(() => Date, { nullable: true })
  readonly finishedAt!: Date | null;

  // Not part of the schema: whose export it is.
  readonly tenantId!: string;
  readonly askedBy!: string | null;
}

@ObjectType({ description: 'A signed address. It ends early when the user signs out, is locked or loses a role.' })
export class AuditDownload {
  @Field(() => String)
  readonly url!: string;

  @Field(() => Date)
  readonly expiresAt!: Date;
}
