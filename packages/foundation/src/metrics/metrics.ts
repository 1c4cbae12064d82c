import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { AdmissionMetrics } from './admission-metrics.js';
import { AnswerCacheMetrics } from './answer-cache-metrics.js';
import { boundedLabel } from './bounded-label.js';
import { TrafficMetrics } from './traffic-metrics.js';

const requestSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** How often the lag of the event loop is measured, in ms, which is the least that it can be. Each measurement wakes the process: at the library's 10 an idle one did little else. */
const LAG_PRECISION = 50;

/** A pool's connections, those of them that are idle, and those who wait for one. */
export interface PoolState {
  readonly total: number;
  readonly idle: number;
  readonly waiting: number;
}

const operationTypes = ['query', 'mutation', 'subscription', 'unknown'];
const operationOutcomes = ['success', 'partial', 'error'];

/**
 * Every instrument of a process under its Prometheus name. Durations are seconds. Each Metrics has a registry of its own,
 * so that several processes' worth of parts can live in one.
 */
export class Metrics {
  readonly registry = new Registry();

  readonly httpRequestDuration = this.histogram('http_request_duration_seconds', 'HTTP requests by route and status', [
    'method',
    'route',
    'status',
  ]);
  /** `operation` goes through `operationLabel`; `type` is query, mutation or subscription; `outcome` success, partial or error. */
  readonly operationDuration = this.histogram('graphql_operation_duration_seconds', 'GraphQL operations', [
    'operation',
    'type',
    'outcome',
  ]);
  readonly fetchErrors = this.counter('graphql_fetch_errors_total', 'Failed fetches from the router to subgraphs', [
    'subgraph',
    'code',
  ]);
  readonly failures = this.counter('graphql_failures_total', 'Operations that failed on our side, masked or not', [
    'code',
  ]);
  /** `reading` is signing_keys or session_changes: what was read last stays in force. */
  readonly readingFailures = this.counter('router_reading_failures_total', 'Repeated readings that failed', [
    'reading',
  ]);
  /** `side` is subscribers, which are clients' streams, or upstreams, which are streams of subgraphs for them. */
  readonly subscriptions = new Gauge({
    name: 'graphql_subscriptions',
    help: 'Streams that are open',
    labelNames: ['side'],
    registers: [this.registry],
    collect: () => this.readSubscriptions(),
  });
  private subscriptionCounts: (() => Readonly<Record<string, number>>) | undefined;
  /** What is let in, and what is not. */
  readonly admission = new AdmissionMetrics(this.registry);
  /** What the router sends to subgraphs. */
  readonly traffic = new TrafficMetrics(this.registry);
  /** What the router keeps of subgraphs' answers. */
  readonly answerCache = new AnswerCacheMetrics(this.registry);
  /** `limit` is one of the configured limits' names. */
  readonly rateLimitRefusals = this.counter('rate_limit_refusals_total', 'Operations over a rate limit', ['limit']);
  readonly rateLimitsLocal: Gauge = new Gauge({
    name: 'rate_limits_local',
    help: '1 while each process counts for itself, since Redis is away',
    aggregator: 'max',
    registers: [this.registry],
    collect: () => this.rateLimitsLocal.set(this.ratesAreLocal() ? 1 : 0),
  });
  private ratesAreLocal: () => boolean = () => false;
  /** `source` is listed, automatic, body (a query that registers itself) or unknown. */
  readonly persistedQueries = this.counter('graphql_persisted_queries_total', 'Operations asked for by an id', [
    'source',
  ]);
  readonly persistedQueryRefusals = this.counter(
    'graphql_persisted_query_refusals_total',
    'Operations outside the manifests',
    ['code', 'enforced'],
  );
  readonly limitsExceeded = this.counter('graphql_limits_exceeded_total', 'Operations larger than a limit', [
    'code',
    'enforced',
  ]);
  /** `kind` is estimated or actual. */
  readonly operationCost = new Histogram({
    name: 'graphql_operation_cost',
    help: 'Cost of operations by @cost and @listSize',
    labelNames: ['kind'],
    buckets: [1, 10, 50, 100, 500, 1_000, 5_000, 10_000, 50_000, 100_000],
    registers: [this.registry],
  });
  readonly authorizationDenials = this.counter('authorization_denials_total', 'Fields refused to a caller', ['module']);

  /** `reason` is idle, connection or all. */
  readonly slowReaders = this.counter(
    'http_slow_readers_total',
    'Connections ended because their clients did not read',
    ['reason'],
  );

  readonly reportsUntold = this.counter(
    'audit_reports_untold_total',
    'Refusals and reads that the audit log has as a number alone, or not at all',
    ['action'],
  );

  readonly databaseQueryDuration = this.histogram(
    'database_query_duration_seconds',
    'SQL statements by schema and kind',
    ['schema', 'kind'],
  );
  /** `state` is total, idle or waiting. */
  readonly databasePool = new Gauge({
    name: 'database_pool_connections',
    help: 'Connections of the pool, and those who wait for one',
    labelNames: ['schema', 'state'],
    registers: [this.registry],
    collect: () => this.readPools(),
  });
  private readonly pools = new Map<string, () => PoolState>();
  /** `result` is hit or miss. */
  readonly cacheRequests = this.counter('cache_requests_total', 'Reads of the cache', ['result']);

  readonly eventsPublished = this.counter('events_published_total', 'Events handed to the bus', ['type']);
  readonly eventsConsumed = this.counter('events_consumed_total', 'Events whose effect was committed', ['type']);
  readonly eventsAbsorbed = this.counter(
    'events_absorbed_total',
    'Deliveries of events that the inbox knew already, and so had no effect',
    ['type'],
  );
  readonly eventsRetried = this.counter('events_retried_total', 'Deliveries that failed and were tried again', [
    'type',
  ]);
  readonly eventsDeadLettered = this.counter('events_dead_lettered_total', 'Events given up', ['type']);
  readonly consumerLag = this.gauge('events_consumer_lag', 'Events of a topic that a consumer group has not handled', [
    'group',
    'topic',
  ]);
  readonly consumerFailures = this.counter(
    'events_consumer_failures_total',
    'Times that a consumer had to begin anew',
    ['group'],
  );
  readonly outboxWaiting = this.gauge('outbox_waiting_events', 'Events that wait in an outbox', ['schema']);
  readonly outboxLag = this.gauge('outbox_lag_seconds', 'Age of the oldest event that waits in an outbox', ['schema']);

  /** 1 while the check succeeds, 0 while it fails: of several workers, where it fails for any. */
  readonly healthStatus = new Gauge({
    name: 'health_status',
    help: 'Health checks',
    labelNames: ['check'],
    aggregator: 'min',
    registers: [this.registry],
  });

  private readonly boundedOperation = boundedLabel(200, (operation) => this.removeOperation(operation));
  private read = (): Promise<string> => this.registry.metrics();
  private evaluate: () => Promise<unknown> = async () => {};

  constructor() {
    collectDefaultMetrics({ register: this.registry, eventLoopMonitoringPrecision: LAG_PRECISION });
  }

  /** Every metric in Prometheus's text format, with what is evaluated for it. */
  async text(): Promise<string> {
    await this.refresh();
    return this.read();
  }

  /** Evaluates what is only known when it is asked for, so that a scrape tells of now. */
  async refresh(): Promise<void> {
    await this.evaluate();
  }

  /** Has `evaluate` done whenever the metrics are about to be read. */
  beforeRead(evaluate: () => Promise<unknown>): void {
    this.evaluate = evaluate;
  }

  /** Has `text` answer what others have counted too, where this process is one of several that stand for one. */
  readFrom(source: () => Promise<string>): void {
    this.read = source;
  }

  /** The `operation` label of an operation: its name if it is one of the 200 that come most, others are `other`. */
  operationLabel(name: string | null | undefined): string {
    return name ? this.boundedOperation(name) : 'anonymous';
  }

  /** Has the pool of a schema looked at whenever the metrics are read. */
  watchPool(schema: string, read: () => PoolState): void {
    this.pools.set(schema, read);
  }

  /** Has the router's streams counted whenever the metrics are read. */
  watchSubscriptions(read: () => Readonly<Record<string, number>>): void {
    this.subscriptionCounts = read;
  }

  /** Has it looked up, whenever the metrics are read, whether rates are counted by this process alone. */
  watchLocalRates(read: () => boolean): void {
    this.ratesAreLocal = read;
  }

  private removeOperation(operation: string): void {
    for (const type of operationTypes) {
      for (const outcome of operationOutcomes) this.operationDuration.remove({ operation, type, outcome });
    }
  }

  private readSubscriptions(): void {
    for (const [side, count] of Object.entries(this.subscriptionCounts?.() ?? {}))
      this.subscriptions.set({ side }, count);
  }

  private readPools(): void {
    for (const [schema, read] of this.pools) {
      for (const [state, count] of Object.entries(read())) this.databasePool.set({ schema, state }, count);
    }
  }

  private histogram<L extends string>(name: string, help: string, labelNames: L[]): Histogram<L> {
    return new Histogram({ name, help, labelNames, buckets: requestSeconds, registers: [this.registry] });
  }

  private counter<L extends string>(name: string, help: string, labelNames: L[]): Counter<L> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  private gauge<L extends string>(name: string, help: string, labelNames: L[]): Gauge<L> {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }
}
