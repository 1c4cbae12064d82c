import { policy } from '@platform/subgraph-server/graphql';
import { Arg, Ctx, Directive, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { criteriaOf } from '../entities/index.js';
import { type DownloadLinks, ExportFormat, type ExportJobs } from '../export/index.js';
import type { AuditContext } from '../loaders/index.js';
import { AuditDownload, AuditExport, AuditFilter } from './types/index.js';

@Resolver(() => AuditExport)
export class AuditExportResolver {
  constructor(
    private readonly jobs: ExportJobs,
    private readonly links: DownloadLinks,
  ) {}

  @Query(() => AuditExport, { nullable: true, description: 'An export that the caller has asked for.' })
  @Directive(policy('audit.entry.export'))
  async auditExport(
    @Arg('jobId', () => ID) jobId: string,
    @Ctx() { caller }: AuditContext,
  ): Promise<AuditExport | null> {
    const job = await this.jobs.find(jobId);
    return caller.serviceAccountId === null && job?.askedBy === caller.userId ? job : null;
  }

  @Mutation(() => AuditExport, { description: 'Starts an export job; the file is fetched from its signed URL.' })
  @Directive(policy('audit.entry.export'))
  exportAuditEntries(
    @Arg('filter', () => AuditFilter, { nullable: true }) filter: AuditFilter | null,
    @Arg('format', () => ExportFormat) format: ExportFormat,
    @Ctx() { caller }: AuditContext,
  ): Promise<AuditExport> {
    return this.jobs.begin(caller, format, criteriaOf(filter));
  }

  @FieldResolver(() => AuditDownload, {
    nullable: true,
    description: 'Null until the job is done. Each answer has a fresh one.',
  })
  async download(@Root() job: AuditExport): Promise<AuditDownload | null> {
    return job.status === 'DONE' ? this.links.linkTo(job) : null;
  }
}
