export type { TlsOptions } from './connections.js';
export { type ContentCoding, contentCodings } from './content-codings.js';
export * from './http-endpoint.js';
export * from './subgraph-endpoint.js';
export * from './subscription-client.js';
