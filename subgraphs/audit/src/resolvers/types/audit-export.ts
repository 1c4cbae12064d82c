import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { ExportFormat } from '../../export/index.js';

registerEnumType(ExportFormat, { name: 'AuditExportFormat' });

@ObjectType()
export class AuditExport {
  @Field(() => ID)
  readonly jobId: string;

  constructor(jobId: string) {
    this.jobId = jobId;
  }
}
