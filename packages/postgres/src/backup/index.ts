export { type DatabaseSnapshot, withSnapshot } from './database-snapshot.js';
export { loadSchemas } from './load-schemas.js';
export { presentSchemas } from './prepare-target.js';
export type { SavedSchema, SavedTable } from './saved-schema.js';
export {
  beginRestore,
  bringSchemasBack,
  dropSchemasAside,
  endRestore,
  restoreState,
  setSchemasAside,
} from './set-aside.js';
export { BrokenArchive, readTar, type TarEntry } from './tar-reader.js';
export { TarWriter } from './tar-writer.js';
