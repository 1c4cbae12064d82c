import { createWriteStream } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Caller } from '@platform/kernel/auth';
import { afterCommit, type Database } from '@platform/kernel/database';
import type { ErrorBus } from '@platform/kernel/errors';
import type { Part } from '@platform/kernel/lifecycle';
import { requestContext } from '@platform/kernel/logging';
import { validate as isUuid, v7 as uuidv7 } from 'uuid';
import type { AuditCriteria, AuditRecord } from '../entities/index.js';
import { append } from '../services/index.js';
import { csvLines, jsonLines } from './export-log.js';

/** How an export is written. */
export const ExportFormat = { CSV: 'CSV', JSONL: 'JSONL' } as const;
export type ExportFormat = keyof typeof ExportFormat;

/** How far an export is. */
export const ExportStatus = { PENDING: 'PENDING', DONE: 'DONE', FAILED: 'FAILED' } as const;
export type ExportStatus = keyof typeof ExportStatus;

/** An export that was asked for. */
export interface ExportJob {
  readonly jobId: string;
  readonly format: ExportFormat;
  readonly criteria: AuditCriteria;
  readonly status: ExportStatus;
  /** Null for services. */
  readonly askedBy: string | null;
  readonly requestedAt: Date;
  readonly finishedAt: Date | null;
}

/** Where an export's file lies once it is whole. */
export const fileOf = (folder: string, { jobId, format }: Pick<ExportJob, 'jobId' | 'format'>): string =>
  join(folder, `${jobId}.${format.toLowerCase()}`);

const LINES = { CSV: csvLines, JSONL: jsonLines };

const SELECT = `
  SELECT id AS "jobId", format, criteria, asked_by AS "askedBy", asked_at AS "requestedAt", finished_at AS "finishedAt",
         CASE WHEN finished_at IS NULL THEN 'PENDING' WHEN failure IS NULL THEN 'DONE' ELSE 'FAILED' END AS status
    FROM export_job`;

/** Exports in the background, one at a time, to files of a folder named after their jobs. What a stop cuts off begins again at the next start. */
export class ExportJobs implements Part {
  readonly name = 'audit-exports';
  private running: Promise<void> = Promise.resolve();
  private readonly stopping = new AbortController();

  constructor(
    private readonly database: Database,
    readonly folder: string,
    private readonly tenantId: string,
    private readonly errors: ErrorBus,
  ) {}

  async start(): Promise<void> {
    this.wake();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** Begins an export, and puts into the log who asked for what. */
  begin(caller: Caller, format: ExportFormat, criteria: AuditCriteria): Promise<ExportJob> {
    const jobId = uuidv7();
    return this.database.transaction(async (tx) => {
      await tx.query('INSERT INTO export_job (id, format, criteria, asked_by) VALUES ($1, $2, $3, $4)', [
        jobId,
        format,
        criteria,
        caller.userId,
      ]);
      const [job] = await tx.query(`${SELECT} WHERE id = $1`, [jobId]);
      const metadata = { format, filter: JSON.parse(JSON.stringify(criteria)) };
      await append(tx, [entryOf('platform.audit.exported', job, caller.tenantId, metadata)]);
      afterCommit(tx, () => this.wake());
      return job;
    });
  }

  /** Null for an unknown job. */
  async find(jobId: string): Promise<ExportJob | null> {
    if (!isUuid(jobId)) return null;
    const [job] = await this.database.read.query(`${SELECT} WHERE id = $1`, [jobId]);
    return job ?? null;
  }

  /** Puts into the log that somebody fetches an export, whoever has its link. */
  async downloaded(job: ExportJob): Promise<void> {
    await this.database.transaction((tx) => append(tx, [entryOf('platform.audit.downloaded', job, this.tenantId, {})]));
  }

  private wake(): void {
    this.running = this.running.then(() => this.runAll()).catch((error: unknown) => this.errors.publish(error));
  }

  private async runAll(): Promise<void> {
    const jobs: ExportJob[] = await this.database.read.query(`${SELECT} WHERE finished_at IS NULL ORDER BY asked_at`);
    for (const job of jobs) {
      if (this.stopping.signal.aborted) return;
      const failure = await this.run(job).catch((error: unknown) => error);
      if (this.stopping.signal.aborted) return;
      if (failure) this.errors.publish(failure);
      await this.database.read.query('UPDATE export_job SET finished_at = now(), failure = $2 WHERE id = $1', [
        job.jobId,
        failure ? String(failure) : null,
      ]);
    }
  }

  private async run(job: ExportJob): Promise<void> {
    const { from, to } = job.criteria;
    const dated = { ...job.criteria, from: from && new Date(from), to: to && new Date(to) };
    const file = fileOf(this.folder, job);
    await mkdir(this.folder, { recursive: true });
    const client = await this.database.connect();
    try {
      const lines = Readable.from(LINES[job.format](client, dated));
      await pipeline(lines, createWriteStream(`${file}.part`, { mode: 0o600 }), { signal: this.stopping.signal });
      await rename(`${file}.part`, file);
    } finally {
      await client.end();
    }
  }
}

function entryOf(action: string, job: ExportJob, tenantId: string, metadata: object): AuditRecord {
  const request = requestContext.current();
  return {
    id: uuidv7(),
    actorId: job.askedBy,
    action,
    resource: 'audit',
    resourceId: job.jobId,
    outcome: 'SUCCESS',
    ipAddress: request?.clientIp ?? null,
    userAgent: request?.userAgent ?? null,
    requestId: request?.requestId ?? null,
    traceId: request?.traceId ?? null,
    tenantId,
    metadata,
    occurredAt: new Date(),
  };
}
