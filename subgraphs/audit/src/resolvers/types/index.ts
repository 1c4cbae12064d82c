export * from './audit.inputs.js';
export * from './audit-entry-connection.js';
export * from './audit-export.js';
export * from './audit-proofs.js';
