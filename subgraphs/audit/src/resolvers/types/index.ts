export { AuditFilter, RecordAuditEntryInput } from './audit.inputs.js';
export { AuditEntryConnection } from './audit-entry-connection.js';
export { AuditDownload, AuditExport } from './audit-export.js';
export { AuditCheckpoint, AuditConsistencyProof, AuditProof } from './audit-proofs.js';
