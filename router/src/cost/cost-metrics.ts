import type { Metrics } from '@platform/foundation/metrics';

const COSTS = [1, 10, 50, 100, 500, 1_000, 5_000, 10_000, 50_000, 100_000];

/** Instruments of what operations cost, by `@cost` and `@listSize`. */
export class CostMetrics {
  readonly estimated;
  readonly actual;

  constructor(metrics: Metrics) {
    this.estimated = metrics.histogram(
      'router_operation_estimated_cost',
      'Cost of operations before they run',
      [],
      COSTS,
    );
    this.actual = metrics.histogram('router_operation_actual_cost', 'Cost of operations by their data', [], COSTS);
  }
}
