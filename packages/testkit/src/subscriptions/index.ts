export * from './received-stream.js';
export * from './stream-clients.js';
