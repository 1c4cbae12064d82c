import { boundedLabel, type Metrics } from '@platform/foundation/metrics';

const operationTypes = ['query', 'mutation', 'subscription', 'unknown'];
const operationOutcomes = ['success', 'partial', 'error'];

/** Instruments of operations. */
export class RouterMetrics {
  /** `operation` goes through `operationLabel`; `type` is query, mutation or subscription; `outcome` success, partial or error. */
  readonly operationDuration;
  readonly failures;
  private readonly boundedOperation = boundedLabel(200, (operation) => this.removeOperation(operation));

  constructor(metrics: Metrics) {
    this.operationDuration = metrics.histogram('router_operation_duration_seconds', 'GraphQL operations', [
      'operation',
      'type',
      'outcome',
    ]);
    this.failures = metrics.counter(
      'router_operation_failures_total',
      'Operations that failed on our side, masked or not',
      ['code'],
    );
  }

  /** The `operation` label of an operation: its name if it is one of the 200 that come most, others are `other`. */
  operationLabel(name: string | null | undefined): string {
    return name ? this.boundedOperation(name) : 'anonymous';
  }

  private removeOperation(operation: string): void {
    for (const type of operationTypes) {
      for (const outcome of operationOutcomes) this.operationDuration.remove({ operation, type, outcome });
    }
  }
}
