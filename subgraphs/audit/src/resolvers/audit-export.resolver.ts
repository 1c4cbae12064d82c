import { policy } from '@platform/kernel/graphql';
import { Arg, Ctx, Directive, Mutation, Resolver } from 'type-graphql';
import { ExportFormat, type ExportJobs } from '../export/index.js';
import type { AuditContext } from '../loaders/index.js';
import { AuditExport, AuditFilter } from './types/index.js';

@Resolver(() => AuditExport)
export class AuditExportResolver {
  constructor(private readonly jobs: ExportJobs) {}

  @Mutation(() => AuditExport, { description: 'Starts an export job.' })
  @Directive(policy('audit.entry.export'))
  async exportAuditEntries(
    @Arg('filter', () => AuditFilter, { nullable: true }) filter: AuditFilter | null,
    @Arg('format', () => ExportFormat) format: ExportFormat,
    @Ctx() { caller }: AuditContext,
  ): Promise<AuditExport> {
    return new AuditExport(await this.jobs.begin(caller, format, { ...filter }));
  }
}
