export * from './audit-entry.resolver.js';
export * from './audit-export.resolver.js';
export * from './audit-proof.resolver.js';
export * from './references.js';
