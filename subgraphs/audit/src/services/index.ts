export * from './append.js';
export * from './audit.service.js';
export * from './audit-search.js';
