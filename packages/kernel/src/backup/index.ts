export * from './database-snapshot.js';
export * from './load-schemas.js';
export * from './prepare-target.js';
export * from './saved-schema.js';
export * from './tar-reader.js';
export * from './tar-writer.js';
