export * from './finding.js';
export * from './log-entry.js';
export * from './log-verifier.js';
export * from './verify-database.js';
