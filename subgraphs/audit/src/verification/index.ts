export * from './checkpoint-window.js';
export * from './database-entries.js';
export * from './finding.js';
export * from './found-checkpoints.js';
export * from './hash-windows.js';
export * from './log-entry.js';
export * from './log-verifier.js';
export * from './verify-database.js';
