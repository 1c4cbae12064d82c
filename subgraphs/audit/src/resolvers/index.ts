export * from './audit-entry.resolver.js';
export * from './references.js';
