import { boundedLabel, type Metrics } from '@platform/foundation/metrics';

const operationTypes = ['query', 'mutation', 'subscription', 'unknown'];
const operationOutcomes = ['success', 'partial', 'error'];

/** Instruments of operations, and of what the router reads and counts for them. */
export class RouterMetrics {
  /** `operation` goes through `operationLabel`; `type` is query, mutation or subscription; `outcome` success, partial or error. */
  readonly operationDuration = this.metrics.histogram('graphql_operation_duration_seconds', 'GraphQL operations', [
    'operation',
    'type',
    'outcome',
  ]);
  readonly fetchErrors = this.metrics.counter(
    'graphql_fetch_errors_total',
    'Failed fetches from the router to subgraphs',
    ['subgraph', 'code'],
  );
  readonly failures = this.metrics.counter(
    'graphql_failures_total',
    'Operations that failed on our side, masked or not',
    ['code'],
  );
  /** `reading` is signing_keys or session_changes: what was read last stays in force. */
  readonly readingFailures = this.metrics.counter('router_reading_failures_total', 'Repeated readings that failed', [
    'reading',
  ]);
  /** `side` is subscribers, which are clients' streams, or upstreams, which are streams of subgraphs for them. */
  readonly subscriptions = this.metrics.gauge('graphql_subscriptions', 'Streams that are open', ['side'], () =>
    this.readSubscriptions(),
  );
  private subscriptionCounts: (() => Readonly<Record<string, number>>) | undefined;
  /** `limit` is one of the configured limits' names. */
  readonly rateLimitRefusals = this.metrics.counter('rate_limit_refusals_total', 'Operations over a rate limit', [
    'limit',
  ]);
  readonly rateLimitsLocal = this.metrics.gauge(
    'rate_limits_local',
    '1 while each process counts for itself, since Redis is away',
    [],
    () => this.readLocalRates(),
    'max',
  );
  private ratesAreLocal: () => boolean = () => false;
  /** `source` is listed, automatic, body (a query that registers itself) or unknown. */
  readonly persistedQueries = this.metrics.counter('graphql_persisted_queries_total', 'Operations asked for by an id', [
    'source',
  ]);
  readonly persistedQueryRefusals = this.metrics.counter(
    'graphql_persisted_query_refusals_total',
    'Operations outside the manifests',
    ['code', 'enforced'],
  );
  readonly limitsExceeded = this.metrics.counter('graphql_limits_exceeded_total', 'Operations larger than a limit', [
    'code',
    'enforced',
  ]);
  /** `kind` is estimated or actual. */
  readonly operationCost = this.metrics.histogram(
    'graphql_operation_cost',
    'Cost of operations by @cost and @listSize',
    ['kind'],
    [1, 10, 50, 100, 500, 1_000, 5_000, 10_000, 50_000, 100_000],
  );
  readonly authorizationDenials = this.metrics.counter('authorization_denials_total', 'Fields refused to a caller', [
    'module',
  ]);
  readonly reportsUntold = this.metrics.counter(
    'audit_reports_untold_total',
    'Refusals and reads that the audit log has as a number alone, or not at all',
    ['action'],
  );
  private readonly boundedOperation = boundedLabel(200, (operation) => this.removeOperation(operation));

  constructor(private readonly metrics: Metrics) {}

  /** The `operation` label of an operation: its name if it is one of the 200 that come most, others are `other`. */
  operationLabel(name: string | null | undefined): string {
    return name ? this.boundedOperation(name) : 'anonymous';
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

  private readLocalRates(): void {
    this.rateLimitsLocal.set(this.ratesAreLocal() ? 1 : 0);
  }
}
