export { InvalidBlobKey } from './blob-key.js';
export { blobPath } from './blob-routes.js';
export type { BlobLink, BlobStore, StoredBlob, UploadLink } from './blob-store.js';
export { blobTarget } from './blob-target.js';
export { LocalBlobs } from './local-blobs.js';
