export * from './blob-key.js';
export { blobPath } from './blob-routes.js';
export * from './blob-store.js';
export { blobTarget } from './blob-target.js';
export * from './local-blobs.js';
