export * from './embedded-postgres.js';
export * from './errors.js';
