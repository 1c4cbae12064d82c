import type { DatabaseConfig } from '@platform/foundation/config';
import type { LifecycleComponent } from '@platform/foundation/lifecycle';
import type { Logger } from '@platform/foundation/logging';
import type { Metrics } from '@platform/foundation/metrics';
import { holding, unbounded } from '@platform/foundation/request-bounds';
import type pg from 'pg';
import { DataSource, type EntityManager } from 'typeorm';
import { ownConnection } from '../connection/own-connection.js';
import { currentMutation, type IdempotentMutation, outsideMutation } from '../idempotency/index.js';
import { requiredTenancy, type Tenancy, withoutTenant } from '../tenancy/index.js';
import { type CommitEffects, collectEffects } from './after-commit.js';
import { boundedClient } from './bounded-client.js';
import { connectWithRetry } from './connect-with-retry.js';
import { ConnectionShares } from './connection-shares.js';
import { DatabaseMetrics, type PoolState } from './database-metrics.js';
import { Notifications } from './notifications.js';
import { preparingClient } from './prepared-statements.js';
import { QueryLog } from './query-log.js';
import { allTenantsRole, runtimeUrl } from './roles.js';
import { repeated, sharedPool } from './shared-pool.js';
import { tenantClient } from './tenant-client.js';
import { startupOptionsOf } from './tenant-settings.js';

type Entities = NonNullable<ConstructorParameters<typeof DataSource>[0]['entities']>;

type Work<T> = (tx: EntityManager) => Promise<T>;

/** In ms: what is lost within it is lost at once. */
const LOST_INTERVAL = 5_000;

/** One subgraph's access to its own schema, as its own role. */
export class Database implements LifecycleComponent {
  readonly name: string;
  private readonly source: DataSource;
  private readonly url: string;
  private readonly schema: string;
  /** The pool does not wait until the server has taken leave of each connection. */
  private stopping = false;
  private lastLost = Number.NEGATIVE_INFINITY;
  private readonly shares: ConnectionShares;
  private readonly connectOptions: Parameters<typeof connectWithRetry>[1];
  private readonly onUnsettled: () => Promise<void>;
  private readonly otherwise: Tenancy | undefined;

  constructor({
    url,
    config,
    schema,
    entities,
    logger,
    metrics,
    onUnsettled = async () => {},
    otherwise,
  }: {
    /** Server and database; the login in it is replaced by the schema's runtime role. */
    url: string;
    config: DatabaseConfig;
    schema: string;
    entities: Entities;
    logger: Logger;
    metrics: Metrics;
    /** Makes good what an earlier request with the same idempotency key may have left undone after its commit. */
    onUnsettled?: () => Promise<void>;
    /** For whom statements are that run in no tenant's context; without it, they are refused. */
    otherwise?: Tenancy;
  }) {
    this.name = `database:${schema}`;
    this.schema = schema;
    this.onUnsettled = onUnsettled;
    this.otherwise = otherwise;
    this.url = runtimeUrl(url, config, schema);
    this.connectOptions = { startTimeout: config.startTimeout, logger };
    metrics.of(DatabaseMetrics).watchPool(schema, () => this.poolState());
    this.shares = new ConnectionShares(config);
    const Client = tenantClient({
      allTenantsRole: allTenantsRole(schema),
      named: config.preparedStatements > 0,
      otherwise,
    });
    this.source = new DataSource({
      type: 'postgres',
      driver: { Pool: sharedPool(this.shares) },
      url: this.url,
      schema,
      entities,
      logger: new QueryLog(schema, config.slowQuery, logger, metrics),
      maxQueryExecutionTime: -1,
      installExtensions: false,
      uuidExtension: 'pgcrypto',
      applicationName: `platform ${schema}`,
      connectTimeoutMS: config.connectTimeout,
      extra: {
        Client: boundedClient(preparingClient(Client, config.preparedStatements), {
          again: (statement, values, failure) => repeated(this.pool, statement, values, failure),
          lockTimeout: config.lockTimeout,
        }),
        min: config.poolMin,
        max: config.poolMax,
        maxLifetimeSeconds: config.connectionLifetime / 1000,
        idleTimeoutMillis: config.idleTimeout,
        statement_timeout: config.statementTimeout,
        options: `-c search_path=${schema}`,
      },
      poolErrorHandler: (error: Error) => {
        if (!this.stopping) this.reportLost(error, logger);
      },
    });
  }

  /** Waits, with backoff, for a server that is not up yet. @throws DatabaseUnavailable */
  async start(): Promise<void> {
    await withoutTenant(() => connectWithRetry(this.url, this.connectOptions, () => this.source.initialize()));
  }

  async stop(): Promise<void> {
    this.stopping = true;
    if (this.source.isInitialized) await this.source.destroy();
  }

  /** For queries that are not part of a change. */
  get read(): EntityManager {
    return this.source.manager;
  }

  /**
   * Commits what `work` did, or nothing of it; then runs what was registered with `afterCommit`, before it answers: that is done
   * whatever becomes of the request. Within a mutation that carries an idempotency key it happens once: a request that repeats the mutation is answered what the work came to.
   * @param repeatable true for work that is no part of what the caller asked for, and does nothing the second time.
   * @throws IdempotencyKeyReused, IdempotencyKeyInUse, IdempotentResultGone
   */
  async transaction<T>(work: Work<T>, { repeatable = false } = {}): Promise<T> {
    const mutation = repeatable ? undefined : currentMutation();
    return mutation ? this.transactionOnce(mutation, work) : this.committed(work);
  }

  private async transactionOnce<T>(mutation: IdempotentMutation, work: Work<T>): Promise<T> {
    const { result, unsettled, settle } = await this.committed((tx, effects) =>
      mutation.once(
        tx,
        () => work(tx),
        () => effects.essential,
      ),
    );
    mutation.advance();
    await unbounded(async () => {
      if (unsettled) await this.onUnsettled();
      await settle?.(this.read);
    });
    return result;
  }

  private async committed<T>(work: (tx: EntityManager, effects: Readonly<CommitEffects>) => Promise<T>): Promise<T> {
    let collected: Readonly<CommitEffects> | undefined;
    const result = await this.source.transaction((tx) => {
      collected = collectEffects(tx);
      const effects = collected;
      return holding(this.shares, () => work(tx, effects));
    });
    await outsideMutation(async () => {
      for (const effect of collected?.effects ?? []) await unbounded(effect);
    });
    return result;
  }

  /** A connection of its own that acts for the tenant of whoever asks for it and ends it, for what is read bit by bit. */
  async connect(): Promise<pg.Client> {
    const tenancy = startupOptionsOf(requiredTenancy(this.otherwise), allTenantsRole(this.schema));
    return ownConnection({ connectionString: this.url, options: `-c search_path=${this.schema}${tenancy}` });
  }

  /** What transactions tell with `pg_notify` on the channel. */
  notifications(channel: string): Notifications {
    return new Notifications(this.url, channel, this.connectOptions.logger);
  }

  /** Connections that are lost together are one line. */
  private reportLost(error: Error, logger: Logger): void {
    const now = performance.now();
    if (now - this.lastLost > LOST_INTERVAL)
      logger.warn({ schema: this.schema, err: error }, 'database connections lost; reconnecting');
    this.lastLost = now;
  }

  private get pool(): pg.Pool {
    return (this.source.driver as unknown as { master: pg.Pool }).master;
  }

  private poolState(): PoolState {
    if (!this.source.isInitialized) return { total: 0, idle: 0, waiting: 0 };
    const { totalCount: total, idleCount: idle, waitingCount } = this.pool;
    return { total, idle, waiting: this.shares.waiting + waitingCount };
  }

  /** @throws when the server does not answer. */
  async check(): Promise<void> {
    await withoutTenant(() => this.source.query('SELECT 1'));
  }
}
