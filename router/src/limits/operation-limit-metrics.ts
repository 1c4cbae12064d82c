import type { Metrics } from '@platform/foundation/metrics';

/** Instruments of the limits of operations. */
export class OperationLimitMetrics {
  readonly exceeded;

  constructor(metrics: Metrics) {
    this.exceeded = metrics.counter('router_operation_limits_exceeded_total', 'Operations larger than a limit', [
      'code',
      'enforced',
    ]);
  }
}
