export * from './database-snapshot.js';
export * from './load-schemas.js';
export { DatabaseInUse, presentSchemas } from './prepare-target.js';
export * from './saved-schema.js';
export * from './set-aside.js';
export * from './tar-reader.js';
export * from './tar-writer.js';
