import type { Metrics } from '@platform/foundation/metrics';

/** Instruments of consumer groups. */
export class KafkaMetrics {
  readonly consumerLag;
  readonly consumerFailures;

  constructor(metrics: Metrics) {
    this.consumerLag = metrics.gauge(
      'platform_consumer_group_lag_messages',
      'Events of a topic that a consumer group has not handled',
      ['group', 'topic'],
    );
    this.consumerFailures = metrics.counter(
      'platform_consumer_group_restarts_total',
      'Times that a consumer had to begin anew',
      ['group'],
    );
  }
}
