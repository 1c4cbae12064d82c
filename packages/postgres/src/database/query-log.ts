import type { Logger } from '@platform/foundation/logging';
import type { Metrics } from '@platform/foundation/metrics';
import {
  ATTR_DB_NAMESPACE,
  ATTR_DB_OPERATION_NAME,
  ATTR_DB_QUERY_TEXT,
  ATTR_DB_SYSTEM_NAME,
  spanBehind,
} from '@platform/foundation/tracing';
import type { Logger as TypeOrmLogger } from 'typeorm';
import { DatabaseMetrics } from './database-metrics.js';

/** Turns what TypeORM reports of each statement into a metric, a span, and a log line when it was slow (`slowQuery`, ms). Parameters are in none of them. */
export class QueryLog implements TypeOrmLogger {
  constructor(
    private readonly schema: string,
    private readonly slowQuery: number,
    private readonly logger: Logger,
    private readonly metrics: Metrics,
  ) {}

  logQuerySlow(time: number, query: string): void {
    const kind = kindOf(query);
    this.metrics
      .of(DatabaseMetrics)
      .databaseQueryDuration.observe({ db_namespace: this.schema, db_operation_name: kind }, time / 1000);
    spanBehind(`${kind} ${this.schema}`, time, {
      kind: 'client',
      attributes: {
        [ATTR_DB_SYSTEM_NAME]: 'postgresql',
        [ATTR_DB_NAMESPACE]: this.schema,
        [ATTR_DB_OPERATION_NAME]: kind,
        [ATTR_DB_QUERY_TEXT]: query,
      },
    });
    if (time >= this.slowQuery)
      this.logger.warn({ schema: this.schema, durationMs: time, query }, 'slow query detected');
  }

  logQuery(): void {}
  logQueryError(): void {}
  logSchemaBuild(): void {}
  logMigration(message: string): void {
    this.logger.debug({ schema: this.schema }, message);
  }
  log(): void {}
}

/** Says nothing: whoever runs a migration tells of it. */
export const silentLog: TypeOrmLogger = {
  logQuery() {},
  logQueryError() {},
  logQuerySlow() {},
  logSchemaBuild() {},
  logMigration() {},
  log() {},
};

const KINDS = new Set(['select', 'insert', 'update', 'delete', 'with', 'copy']);

function kindOf(query: string): string {
  const word = /^\s*(?:\/\*.*?\*\/\s*)?(\w+)/.exec(query)?.[1]?.toLowerCase() ?? '';
  return KINDS.has(word) ? word : 'other';
}
