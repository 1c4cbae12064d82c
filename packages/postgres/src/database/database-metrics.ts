import type { Metrics } from '@platform/foundation/metrics';

/** A pool's connections, those of them that are idle, and those who wait for one. */
export interface PoolState {
  readonly total: number;
  readonly idle: number;
  readonly waiting: number;
}

/** Instruments of databases. */
export class DatabaseMetrics {
  readonly databaseQueryDuration;
  private readonly pools = new Map<string, () => PoolState>();

  constructor(metrics: Metrics) {
    this.databaseQueryDuration = metrics.histogram(
      'database_query_duration_seconds',
      'SQL statements by schema and kind',
      ['schema', 'kind'],
    );
    const { pools } = this;
    /** `state` is total, idle or waiting. */
    const pool = metrics.gauge(
      'database_pool_connections',
      'Connections of the pool, and those who wait for one',
      ['schema', 'state'],
      () => {
        for (const [schema, read] of pools) {
          for (const [state, count] of Object.entries(read())) pool.set({ schema, state }, count);
        }
      },
    );
  }

  /** Has the pool of a schema looked at whenever the metrics are read. */
  watchPool(schema: string, read: () => PoolState): void {
    this.pools.set(schema, read);
  }
}
