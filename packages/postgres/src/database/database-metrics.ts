import type { Metrics } from '@platform/foundation/metrics';

/** A pool's connections, those of them that are idle, and the requests that wait for one. */
export interface PoolState {
  readonly total: number;
  readonly idle: number;
  readonly waiting: number;
}

/** Instruments of databases, under OpenTelemetry's names for database clients. A namespace and a pool are a schema. */
export class DatabaseMetrics {
  readonly databaseQueryDuration;
  private readonly pools = new Map<string, () => PoolState>();

  constructor(metrics: Metrics) {
    this.databaseQueryDuration = metrics.histogram('db_client_operation_duration_seconds', 'SQL statements', [
      'db_namespace',
      'db_operation_name',
    ]);
    const { pools } = this;
    /** The state is idle or used. */
    const connections = metrics.gauge(
      'db_client_connection_count',
      'Connections of the pool',
      ['db_client_connection_pool_name', 'db_client_connection_state'],
      () => {
        for (const [pool, read] of pools) {
          const { total, idle } = read();
          const of = (state: string) => ({ db_client_connection_pool_name: pool, db_client_connection_state: state });
          connections.set(of('idle'), idle);
          connections.set(of('used'), total - idle);
        }
      },
    );
    const pending = metrics.gauge(
      'db_client_connection_pending_requests',
      'Requests that wait for a connection of the pool',
      ['db_client_connection_pool_name'],
      () => {
        for (const [pool, read] of pools) pending.set({ db_client_connection_pool_name: pool }, read().waiting);
      },
    );
  }

  /** Has the pool of a schema looked at whenever the metrics are read. */
  watchPool(schema: string, read: () => PoolState): void {
    this.pools.set(schema, read);
  }
}
