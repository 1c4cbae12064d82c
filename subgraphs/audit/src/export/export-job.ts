import type { AuditCriteria } from '../entities/index.js';

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
  readonly tenantId: string;
  readonly criteria: AuditCriteria;
  readonly status: ExportStatus;
  /** Null for services. */
  readonly askedBy: string | null;
  readonly requestedAt: Date;
  readonly finishedAt: Date | null;
}
