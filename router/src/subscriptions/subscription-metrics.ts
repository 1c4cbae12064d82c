import type { Metrics } from '@platform/foundation/metrics';

/** How many streams are open: of clients, and of subgraphs for them. */
interface SubscriptionCounts {
  readonly subscribers: number;
  readonly upstreams: number;
}

/** Instruments of subscriptions. */
export class SubscriptionMetrics {
  private counts: () => SubscriptionCounts = () => ({ subscribers: 0, upstreams: 0 });

  constructor(metrics: Metrics) {
    const clients = metrics.gauge('router_client_subscriptions', 'Open streams of clients', [], () => {
      clients.set(this.counts().subscribers);
    });
    const subgraphs = metrics.gauge('router_subgraph_subscriptions', 'Open streams of subgraphs', [], () => {
      subgraphs.set(this.counts().upstreams);
    });
  }

  /** Has the router's streams counted whenever the metrics are read. */
  watch(counts: () => SubscriptionCounts): void {
    this.counts = counts;
  }
}
