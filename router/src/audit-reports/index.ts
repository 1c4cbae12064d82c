export { AuditReportMetrics } from './audit-report-metrics.js';
export { AuditReports, FIELDS_READ, FIELDS_REFUSED, type ReportKind } from './audit-reports.js';
export { AuditedFields } from './audited-fields.js';
