import type { Metrics } from '../metrics/index.js';

/** Instruments of health checks. */
export class HealthMetrics {
  /** 1 while the check succeeds, 0 while it fails: of several workers, where it fails for any. */
  readonly healthStatus;

  constructor(metrics: Metrics) {
    this.healthStatus = metrics.gauge('platform_health_check_up', 'Health checks', ['check'], undefined, 'min');
  }
}
