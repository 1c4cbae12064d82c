import type { Metrics } from '@platform/foundation/metrics';

/** Instruments of reports to the audit log. */
export class AuditReportMetrics {
  readonly dropped;

  constructor(metrics: Metrics) {
    this.dropped = metrics.counter(
      'router_audit_reports_dropped_total',
      'Denials and reads that the audit log has as a number alone, or not at all',
      ['action'],
    );
  }
}
