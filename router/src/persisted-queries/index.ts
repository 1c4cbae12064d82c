export { OperationCheck, type OperationMistake } from './check-operation.js';
export { clientNameOf } from './client-name.js';
export { createPersistedQueries } from './create-persisted-queries.js';
export { InvalidManifest } from './errors.js';
export type { ListedOperation } from './manifest.js';
export { ManifestFiles, readManifests } from './manifest-files.js';
export type { PersistedQueries } from './persisted-queries.js';
export { requestedId } from './requested-id.js';
