export { AuditReports, FIELDS_REFUSED } from './audit-reports.js';
export { AuditedFields } from './audited-fields.js';
export { type AuditOptions, createAuditReports } from './create-audit-reports.js';
