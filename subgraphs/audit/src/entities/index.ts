export * from './audit-criteria.js';
export * from './audit-entry.entity.js';
export * from './audit-outcome.js';
export * from './leaf-hash.js';
export * from './list-order.js';
export * from './user.entity.js';
export * from './without-secrets.js';
