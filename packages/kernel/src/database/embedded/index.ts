export * from './embedded-postgres.js';
export * from './errors.js';
export * from './running-server.js';
