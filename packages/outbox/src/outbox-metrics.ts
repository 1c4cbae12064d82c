import type { Metrics } from '@platform/foundation/metrics';

/** Instruments of what waits in outboxes. */
export class OutboxMetrics {
  readonly outboxWaiting;
  readonly outboxLag;

  constructor(metrics: Metrics) {
    this.outboxWaiting = metrics.gauge('platform_outbox_pending_events', 'Events that wait in an outbox', ['schema']);
    this.outboxLag = metrics.gauge(
      'platform_outbox_oldest_event_age_seconds',
      'Age of the oldest event that waits in an outbox',
      ['schema'],
    );
  }
}
