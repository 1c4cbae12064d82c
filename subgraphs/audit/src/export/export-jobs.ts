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
import { v7 as uuidv7 } from 'uuid';
import type { AuditCriteria } from '../entities/index.js';
import { append } from '../services/index.js';
import { csvLines, jsonLines } from './export-log.js';

/** How an export is written. */
export const ExportFormat = { CSV: 'CSV', JSONL: 'JSONL' } as const;
export type ExportFormat = keyof typeof ExportFormat;

const LINES = { CSV: csvLines, JSONL: jsonLines };

/** Exports in the background, one at a time, to files of a folder named after their jobs. What a stop cuts off begins again at the next start. */
export class ExportJobs implements Part {
  readonly name = 'audit-exports';
  private running: Promise<void> = Promise.resolve();
  private readonly stopping = new AbortController();

  constructor(
    private readonly database: Database,
    private readonly folder: string,
    private readonly errors: ErrorBus,
  ) {}

  async start(): Promise<void> {
    this.wake();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** Begins an export, and puts into the log who asked for what. Answers the job's id. */
  begin(caller: Caller, format: ExportFormat, criteria: AuditCriteria): Promise<string> {
    const request = requestContext.current();
    const id = uuidv7();
    return this.database.transaction(async (tx) => {
      await tx.query('INSERT INTO export_job (id, format, criteria) VALUES ($1, $2, $3)', [id, format, criteria]);
      await append(tx, [
        {
          id: uuidv7(),
          actorId: caller.userId,
          action: 'platform.audit.exported',
          resource: 'audit',
          resourceId: id,
          outcome: 'SUCCESS',
          ipAddress: request?.clientIp ?? null,
          userAgent: request?.userAgent ?? null,
          requestId: request?.requestId ?? null,
          traceId: request?.traceId ?? null,
          tenantId: caller.tenantId,
          metadata: { format, filter: JSON.parse(JSON.stringify(criteria)) },
          occurredAt: new Date(),
        },
      ]);
      afterCommit(tx, () => this.wake());
      return id;
    });
  }

  private wake(): void {
    this.running = this.running.then(() => this.runAll()).catch((error: unknown) => this.errors.publish(error));
  }

  private async runAll(): Promise<void> {
    const jobs: { id: string; format: ExportFormat; criteria: AuditCriteria }[] = await this.database.read.query(
      'SELECT id, format, criteria FROM export_job WHERE finished_at IS NULL ORDER BY asked_at',
    );
    for (const job of jobs) {
      if (this.stopping.signal.aborted) return;
      const failure = await this.run(job).catch((error: unknown) => error);
      if (this.stopping.signal.aborted) return;
      if (failure) this.errors.publish(failure);
      await this.database.read.query('UPDATE export_job SET finished_at = now(), failure = $2 WHERE id = $1', [
        job.id,
        failure ? String(failure) : null,
      ]);
    }
  }

  private async run({
    id,
    format,
    criteria,
  }: {
    id: string;
    format: ExportFormat;
    criteria: AuditCriteria;
  }): Promise<void> {
    const { from, to } = criteria;
    const dated = { ...criteria, from: from && new Date(from), to: to && new Date(to) };
    const file = join(this.folder, `${id}.${format.toLowerCase()}`);
    await mkdir(this.folder, { recursive: true });
    const client = await this.database.connect();
    try {
      const lines = Readable.from(LINES[format](client, dated));
      await pipeline(lines, createWriteStream(`${file}.part`, { mode: 0o600 }), { signal: this.stopping.signal });
      await rename(`${file}.part`, file);
    } finally {
      await client.end();
    }
  }
}
