import type { Metrics } from '@platform/foundation/metrics';

/** Instruments of consumer groups. */
export class KafkaMetrics {
  readonly consumerLag;
  readonly consumerFailures;

  constructor(metrics: Metrics) {
    this.consumerLag = metrics.gauge('events_consumer_lag', 'Events of a topic that a consumer group has not handled', [
      'group',
      'topic',
    ]);
    this.consumerFailures = metrics.counter(
      'events_consumer_failures_total',
      'Times that a consumer had to begin anew',
      ['group'],
    );
  }
}
