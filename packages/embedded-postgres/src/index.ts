export { EmbeddedPostgres } from './embedded-postgres.js';
export { DataDirectoryInUse } from './errors.js';
export { runningServerUrl } from './running-server.js';
