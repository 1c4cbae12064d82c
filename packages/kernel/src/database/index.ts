export * from './connection-failure.js';
export * from './database.js';
export { EmbeddedPostgres } from './embedded/embedded-postgres.js';
export * from './migrate.js';
export * from './reachable.js';
export * from './retried.js';
export * from './roles.js';
export { MigrationFailed, MisnamedMigration } from './sql-migration.js';
export * from './unique-violation.js';
