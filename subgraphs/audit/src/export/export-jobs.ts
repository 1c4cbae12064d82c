import { setTimeout as wait } from 'node:timers/promises';
import type { Caller } from '@platform/auth';
import { NOTHING_PERSONAL } from '@platform/events';
import { type ErrorBus, SessionRequired } from '@platform/foundation/errors';
import type { LifecycleComponent } from '@platform/foundation/lifecycle';
import { requestContext } from '@platform/foundation/logging';
import { afterCommit, type Database } from '@platform/postgres/database';
import { acrossTenants, withTenant } from '@platform/postgres/tenancy';
import type pg from 'pg';
import type { EntityManager } from 'typeorm';
import { validate as isUuid, v7 as uuidv7 } from 'uuid';
import type { AuditCriteria, AuditRecord } from '../entities/index.js';
import { append } from '../services/index.js';
import type { ExportFiles } from './export-files.js';
import type { ExportFormat, ExportJob } from './export-job.js';
import { csvLines, jsonLines } from './export-log.js';

const LINES = { CSV: csvLines, JSONL: jsonLines };

/** Ms between two looks for jobs that another process has left, and for files that have had their time. */
const LOOK_INTERVAL = 60_000;

const SELECT = `
  SELECT id AS "jobId", tenant_id AS "tenantId", format, criteria, asked_by AS "askedBy", asked_at AS "requestedAt", finished_at AS "finishedAt",
         CASE WHEN finished_at IS NULL THEN 'PENDING' WHEN failure IS NULL THEN 'DONE' ELSE 'FAILED' END AS status
    FROM export_job`;

interface ExportJobsOptions {
  readonly database: Database;
  readonly files: ExportFiles;
  /** How long a finished export can be fetched, in ms. */
  readonly retention: number;
  readonly errors: ErrorBus;
}

/**
 * Exports in the background, one at a time in a process, each in one process at a time. What a stop or a crash cuts off begins again. A job and its
 * file end when their time is over, or with whoever asked for them.
 */
export class ExportJobs implements LifecycleComponent {
  readonly name = 'audit-exports';
  private running: Promise<void> = Promise.resolve();
  private looking: Promise<void> = Promise.resolve();
  private readonly stopping = new AbortController();

  constructor(private readonly options: ExportJobsOptions) {}

  async start(): Promise<void> {
    this.looking = acrossTenants(() => this.look());
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.looking;
    await this.running;
  }

  /** Begins an export, and puts into the log who asked for what. @throws SessionRequired for a service account: exports are a user's, and end with them */
  async begin(caller: Caller, format: ExportFormat, criteria: AuditCriteria): Promise<ExportJob> {
    if (caller.serviceAccountId !== null) throw new SessionRequired();
    const jobId = uuidv7();
    return this.options.database.transaction(async (tx) => {
      await tx.query('INSERT INTO export_job (id, format, criteria, asked_by) VALUES ($1, $2, $3, $4)', [
        jobId,
        format,
        criteria,
        caller.userId,
      ]);
      const [job] = await tx.query(`${SELECT} WHERE id = $1`, [jobId]);
      const metadata = { format, filter: JSON.parse(JSON.stringify(criteria)) };
      await append(tx, [entryOf('platform.audit.exported', job, metadata)]);
      afterCommit(tx, () => this.wake());
      return job;
    });
  }

  /** Null for an unknown job. */
  async find(jobId: string): Promise<ExportJob | null> {
    if (!isUuid(jobId)) return null;
    const [job] = await this.options.database.read.query(`${SELECT} WHERE id = $1`, [jobId]);
    return job ?? null;
  }

  /** Puts into the log that somebody fetches an export, whoever has its link. */
  async downloaded(job: ExportJob): Promise<void> {
    const { database } = this.options;
    await withTenant(job.tenantId, () =>
      database.transaction((tx) => append(tx, [entryOf('platform.audit.downloaded', job, {})])),
    );
  }

  /** Ends the exports of a user with the transaction; their files follow. */
  async removeOf(tx: EntityManager, userId: string): Promise<void> {
    await tx.query('DELETE FROM export_job WHERE asked_by = $1', [userId]);
    afterCommit(tx, () => this.wake());
  }

  private async look(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      this.wake();
      await this.running;
      await wait(LOOK_INTERVAL, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  private wake(): void {
    this.running = acrossTenants(() => this.running.then(() => this.removeEnded()).then(() => this.runAll())).catch(
      (error: unknown) => this.options.errors.publish(error),
    );
  }

  private async removeEnded(): Promise<void> {
    const { database, files, retention } = this.options;
    await database.read.query(`DELETE FROM export_job WHERE finished_at < now() - $1 * interval '1 ms'`, [retention]);
    await files.removeAllBut(async (jobIds) => {
      const rows: { id: string }[] = await database.read.query('SELECT id FROM export_job WHERE id::text = ANY($1)', [
        jobIds,
      ]);
      return new Set(rows.map(({ id }) => id));
    });
  }

  private async runAll(): Promise<void> {
    const jobs: ExportJob[] = await this.options.database.read.query(
      `${SELECT} WHERE finished_at IS NULL ORDER BY asked_at`,
    );
    for (const job of jobs) {
      if (this.stopping.signal.aborted) return;
      await this.runClaimed(job);
    }
  }

  /** Leaves alone what another process is at. PostgreSQL gives the claim back when the connection ends, however that happens. */
  private async runClaimed(job: ExportJob): Promise<void> {
    const client = await withTenant(job.tenantId, () => this.options.database.connect());
    try {
      const { rows } = await client.query<{ claimed: boolean }>(CLAIM, [job.jobId]);
      if (!rows[0]?.claimed) return;
      if ((await client.query(UNFINISHED, [job.jobId])).rowCount === 0) return;
      const failure = await this.run(job, client).catch((error: unknown) => error);
      if (this.stopping.signal.aborted) return;
      if (failure) this.options.errors.publish(failure);
      await client.query('UPDATE export_job SET finished_at = now(), failure = $2 WHERE id = $1', [
        job.jobId,
        failure ? String(failure) : null,
      ]);
    } finally {
      await client.end();
    }
  }

  private async run(job: ExportJob, client: pg.Client): Promise<void> {
    const { from, to } = job.criteria;
    const dated = { ...job.criteria, from: from && new Date(from), to: to && new Date(to) };
    await this.options.files.write(job, LINES[job.format](client, dated), this.stopping.signal);
  }
}

/** Whether the job is this connection's from now on: no other connection has it. */
const CLAIM = `SELECT pg_try_advisory_lock(hashtextextended('audit.export/' || $1, 0)) AS claimed`;

/** Asked once the job is claimed, so that what its process before has done is seen. */
const UNFINISHED = 'SELECT FROM export_job WHERE id = $1 AND finished_at IS NULL';

function entryOf(action: string, job: ExportJob, metadata: object): AuditRecord {
  const request = requestContext.current();
  return {
    id: uuidv7(),
    actorId: job.askedBy,
    serviceAccountId: request?.serviceAccountId ?? null,
    action,
    resource: 'audit',
    resourceId: job.jobId,
    outcome: 'SUCCESS',
    ipAddress: request?.clientIp ?? null,
    userAgent: request?.userAgent ?? null,
    requestId: request?.requestId ?? null,
    traceId: request?.traceId ?? null,
    tenantId: job.tenantId,
    metadata,
    occurredAt: new Date(),
    personal: NOTHING_PERSONAL,
  };
}
