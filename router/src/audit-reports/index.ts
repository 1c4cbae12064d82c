export * from './audit-reports.js';
export * from './audited-fields.js';
