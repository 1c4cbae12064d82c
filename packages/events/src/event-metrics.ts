import type { Metrics } from '@platform/foundation/metrics';

/** Instruments of events, by type, on their way from an outbox to their effects. */
export class EventMetrics {
  readonly eventsPublished;
  readonly eventsConsumed;
  readonly eventsAbsorbed;
  readonly eventsRetried;
  readonly eventsDeadLettered;

  constructor(metrics: Metrics) {
    this.eventsPublished = metrics.counter('platform_events_published_total', 'Events handed to the bus', ['type']);
    this.eventsConsumed = metrics.counter('platform_events_consumed_total', 'Events whose effect was committed', [
      'type',
    ]);
    this.eventsAbsorbed = metrics.counter(
      'platform_events_deduplicated_total',
      'Deliveries of events that the inbox knew already, and so had no effect',
      ['type'],
    );
    this.eventsRetried = metrics.counter(
      'platform_events_retried_total',
      'Deliveries that failed and were tried again',
      ['type'],
    );
    this.eventsDeadLettered = metrics.counter('platform_events_dead_lettered_total', 'Events given up', ['type']);
  }
}
