export { AuditEntryResolver } from './audit-entry.resolver.js';
export { AuditExportResolver } from './audit-export.resolver.js';
export { AuditProofResolver } from './audit-proof.resolver.js';
export { references } from './references.js';
