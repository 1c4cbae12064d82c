import type { Metrics } from '@platform/foundation/metrics';

/** Instruments of authorization. */
export class AuthorizationMetrics {
  readonly denials;

  constructor(metrics: Metrics) {
    this.denials = metrics.counter('router_authorization_denials_total', 'Fields refused to a caller', []);
  }
}
